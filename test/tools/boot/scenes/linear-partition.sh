# dm-linear over a partition.
parts 8192 819200
table lin0 "0 800000 linear /dev/pmem0p1 2048"
xfs -m rmapbt=1,reflink=0 /dev/mapper/lin0; dax /dev/mapper/lin0 /mnt
file /mnt/f1 16
plan <<P
$(user A /mnt/f1 16 w)
$(early B /mnt/f1 16 r)
inject madvise A m0 page=3
inject debugfs of=B:m0:5
P
