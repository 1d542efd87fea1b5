# dm-linear joins two devices; f1 lies on the first, f2 on the second one.
table lin0 "0 524288 linear /dev/pmem0 8192
524288 262144 linear /dev/pmem1 0"
xfs -m rmapbt=1,reflink=1 /dev/mapper/lin0; dax /dev/mapper/lin0 /mnt
mkdir /mnt/a /mnt/b /mnt/c /mnt/d
file /mnt/a/f 16; file /mnt/b/f 16; file /mnt/c/f 16; file /mnt/d/f 16
plan <<P
$(user A /mnt/a/f 16 w)
$(early B /mnt/d/f 16 w)
$(early C /mnt/a/f 16 r)
inject madvise A m0 page=3
inject debugfs of=B:m0:5
P
