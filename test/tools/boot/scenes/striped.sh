# dm-stripe over both devices.
table str0 "0 1000448 striped 2 128 /dev/pmem0 0 /dev/pmem1 0"
xfs -m rmapbt=1,reflink=0 /dev/mapper/str0; dax /dev/mapper/str0 /mnt
file /mnt/f1 64
plan <<P
$(user A /mnt/f1 64 w)
$(early B /mnt/f1 64 r)
inject madvise A m0 page=3
inject debugfs of=B:m0:20
inject debugfs of=B:m0:40
P
