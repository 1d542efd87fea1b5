# A namespace whose page map lies on the device (data_offset is not 0): data, metadata, last page.
namespace -m fsdax --map=dev; MODE=fsdax-dev; note "mode fsdax-dev"
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; copy /mnt/f1 /mnt/f2
plan <<P
$(user A /mnt/f1 16 r)
$(early B /mnt/f2 16 r)
inject madvise A m0 page=3
inject debugfs $(at /mnt/f2 5)
inject debugfs dev=pmem0 off=526385152
P
