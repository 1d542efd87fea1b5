# Two levels of dm-linear.
table low "0 900000 linear /dev/pmem0 4096"
table top "0 800000 linear /dev/mapper/low 8192"
xfs -m rmapbt=1,reflink=0 /dev/mapper/top; dax /dev/mapper/top /mnt
file /mnt/f1 16
plan <<P
$(user A /mnt/f1 16 w)
$(early B /mnt/f1 16 r)
inject madvise A m0 page=3
inject debugfs of=B:m0:5
P
