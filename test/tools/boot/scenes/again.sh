# The same page fails again: by the toucher, by its reader after a new fault, and by the device.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(user A /mnt/f1 16 w)
$(early B /mnt/f1 16 r)
inject madvise A m0 page=3
inject debugfs dev=pmem0 off=$(where /mnt/f1 12288)
touch A m0 page=3 count=1 how=r
inject madvise A m0 page=3
inject madvise A m0 page=4
P
