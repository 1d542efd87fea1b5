# dm-linear over a namespace with data_offset.
namespace -m fsdax --map=dev; MODE=fsdax-dev; note "mode fsdax-dev"
table lin0 "0 900000 linear /dev/pmem0 2048"
xfs -m rmapbt=1,reflink=1 /dev/mapper/lin0; dax /dev/mapper/lin0 /mnt
file /mnt/f1 16
plan <<P
$(user A /mnt/f1 16 w)
$(early B /mnt/f1 16 r)
inject madvise A m0 page=3
inject debugfs of=B:m0:5
P
