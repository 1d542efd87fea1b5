# External log: the data device is unbound.
xfs -m rmapbt=1,reflink=1 -l logdev=/dev/pmem1,size=64m /dev/pmem0; mnt -t xfs -o dax=always,logdev=/dev/pmem1 /dev/pmem0 /mnt
file /mnt/f1 4
plan <<P
$(early A /mnt/f1 4 w)
inject sh timeout 40 sh -c 'echo namespace0.0 > /sys/bus/nd/drivers/nd_pmem/unbind'; echo rc=$?
inject debugfs dev=pmem1 off=4096
P
