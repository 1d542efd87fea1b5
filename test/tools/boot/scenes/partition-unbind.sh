# Unbinding below XFS on a partition.
parts 8192 819200
xfs -m rmapbt=1,reflink=0 /dev/pmem0p1; dax /dev/pmem0p1 /mnt
file /mnt/f1 4; file /mnt/f2 2
plan <<P
$(early A /mnt/f1 4 w)
$(user B /mnt/f2 2 r)
inject sh timeout 40 sh -c 'echo namespace0.0 > /sys/bus/nd/drivers/nd_pmem/unbind'; echo rc=$?
settle 500
P
