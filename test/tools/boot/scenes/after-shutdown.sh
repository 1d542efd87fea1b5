# After a shutdown by metadata: data, metadata again, free space, unbinding.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 8; copy /mnt/f1 /mnt/f2
plan <<P
$(early A /mnt/f1 8 r)
$(early B /mnt/f2 8 r)
info A m0
inject debugfs dev=pmem0 off=4096
inject debugfs of=B:m0:3
inject debugfs dev=pmem0 off=4096
inject debugfs dev=pmem0 off=8192
inject sh timeout 40 sh -c 'echo namespace0.0 > /sys/bus/nd/drivers/nd_pmem/unbind'; echo rc=$?
P
