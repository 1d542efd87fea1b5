# The other namespace is unbound; the first one goes on.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 8
plan <<P
$(early A /mnt/f1 8 w)
inject sh timeout 40 sh -c 'echo namespace1.0 > /sys/bus/nd/drivers/nd_pmem/unbind'; echo rc=$?
inject debugfs of=A:m0:3
inject debugfs pfn=0x60000
P
