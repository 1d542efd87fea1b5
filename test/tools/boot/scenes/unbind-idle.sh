# Unbinding a namespace that nobody uses.
plan <<P
inject sh timeout 20 sh -c 'echo namespace0.0 > /sys/bus/nd/drivers/nd_pmem/unbind'; echo rc=$?
settle 300
P
