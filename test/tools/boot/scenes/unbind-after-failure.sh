# A page fails, its reader takes it back, then the driver is unbound, then another frame fails.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 4; copy /mnt/f1 /mnt/f2
plan <<P
$(early A /mnt/f1 4 r)
$(user B /mnt/f2 4 r)
info A m0
inject madvise B m0 page=1
touch A m0 page=2 count=1 how=r
inject sh timeout 40 sh -c 'echo namespace0.0 > /sys/bus/nd/drivers/nd_pmem/unbind'; echo rc=$?
inject debugfs pfn=0x40018
P
