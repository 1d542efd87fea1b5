# Unbound, bound again, and a frame fails in between and afterwards.
plan <<P
inject debugfs dev=pmem0 off=8192
inject sh timeout 40 sh -c 'echo namespace0.0 > /sys/bus/nd/drivers/nd_pmem/unbind'; echo rc=$?
inject debugfs pfn=0x40002
inject sh timeout 40 sh -c 'echo namespace0.0 > /sys/bus/nd/drivers/nd_pmem/bind'; echo rc=$?
inject debugfs pfn=0x40003
P
