# cpu max,la57=off,vendor=GenuineIntel
# Machine checks on a namespace with data_offset: shared data, the page map on the device.
namespace -m fsdax --map=dev; MODE=fsdax-dev; note "mode fsdax-dev"
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; copy /mnt/f1 /mnt/f2
bases
plan <<P
$(early A /mnt/f1 16 r)
$(early B /mnt/f2 16 r)
info A m0
inject sh srao $(( $(awk '$1 == "pmem0" {print $2}' /pmem) + $(where /mnt/f1 20480) ))
inject sh srao $(( 0x40000000 + 65536 ))
P
