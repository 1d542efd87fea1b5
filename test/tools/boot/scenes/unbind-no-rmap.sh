# Unbinding below XFS without reverse map.
xfs -m rmapbt=0,reflink=0 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 4
plan <<P
$(early A /mnt/f1 4 w)
$(user B /mnt/f1 4 r)
inject sh timeout 40 sh -c 'echo namespace0.0 > /sys/bus/nd/drivers/nd_pmem/unbind'; echo rc=$?
settle 500
P
