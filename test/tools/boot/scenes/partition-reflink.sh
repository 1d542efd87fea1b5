# Reflinked files on a partition.
parts 2048 900000
xfs -m rmapbt=1,reflink=1 /dev/pmem0p1; dax /dev/pmem0p1 /mnt
file /mnt/f1 16; copy /mnt/f1 /mnt/f2
plan <<P
$(user A /mnt/f1 16 r)
$(early B /mnt/f2 16 r)
inject madvise A m0 page=3
inject debugfs of=B:m0:5
P
