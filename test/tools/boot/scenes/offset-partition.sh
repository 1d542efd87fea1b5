# data_offset and a partition together.
namespace -m fsdax --map=dev; MODE=fsdax-dev; note "mode fsdax-dev"
parts 8192 819200
xfs -m rmapbt=1,reflink=0 /dev/pmem0p1; dax /dev/pmem0p1 /mnt
file /mnt/f1 16; file /mnt/f2 16
plan <<P
$(early A /mnt/f1 16 r)
$(early B /mnt/f2 16 r)
info A m0
inject debugfs of=B:m0:3
inject debugfs dev=pmem0 off=4096
inject debugfs dev=pmem0 off=$((8192 * 512))
P
