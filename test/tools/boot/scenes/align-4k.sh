# An fsdax namespace with 4 KiB alignment and its page map on the device.
namespace -m fsdax --map=dev --align=4096; MODE=fsdax-dev; note "mode fsdax-dev"
make mkfs.ext4 -q -F -b 4096 /dev/pmem0; mnt -t ext4 -o dax=always /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(user A /mnt/f1 16 w)
$(early B /mnt/f1 16 r)
inject madvise A m0 page=3
inject debugfs of=B:m0:5
inject debugfs pfn=0x40100
P
