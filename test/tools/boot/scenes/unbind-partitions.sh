# Two filesystems on the partitions of a device that is unbound.
# memory 896M!1G
parts 8192 819200 827392 900000
xfs -m rmapbt=1,reflink=0 /dev/pmem0p1; dax /dev/pmem0p1 /mnt
xfs -m rmapbt=1,reflink=0 /dev/pmem0p2; dax /dev/pmem0p2 /mnt2
file /mnt/f1 4; file /mnt2/g1 4
plan <<P
$(early A /mnt/f1 4 w)
$(early B /mnt2/g1 4 r)
inject sh timeout 40 sh -c 'echo namespace0.0 > /sys/bus/nd/drivers/nd_pmem/unbind'; echo rc=$?
settle 300
P
