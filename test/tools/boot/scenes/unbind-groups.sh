# Unbinding below seven allocation groups with files in several, one unlinked, one not in core.
xfs -m rmapbt=1,reflink=1 -d agcount=7 /dev/pmem0; dax /dev/pmem0 /mnt
for i in 1 2 3; do mkdir /mnt/d$i; file /mnt/d$i/f 2; done
plan <<P
$(early A /mnt/d1/f 2 w)
$(user B /mnt/d2/f 2 r handler=default)
$(POLICY=late user C /mnt/d3/f 2 w)
sh unlink rm /mnt/d1/f; sync
inject sh timeout 40 sh -c 'echo namespace0.0 > /sys/bus/nd/drivers/nd_pmem/unbind'; echo rc=$?
settle 500
P
