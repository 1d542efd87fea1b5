# fsdax, 4 KiB alignment, page map on the device, XFS with shared blocks.
namespace -m fsdax --map=dev --align=4096; MODE=fsdax-dev; note "mode fsdax-dev"
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; copy /mnt/f1 /mnt/f2
plan <<P
$(user A /mnt/f1 16 r)
$(early B /mnt/f2 16 r)
info A m0
inject madvise A m0 page=3
inject debugfs of=B:m0:5
inject debugfs dev=pmem0 off=0
P
