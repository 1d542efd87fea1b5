# Unbinding a namespace with data_offset below files that share blocks and a huge log of touches.
namespace -m fsdax --map=dev; MODE=fsdax-dev; note "mode fsdax-dev"
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 4; copy /mnt/f1 /mnt/f2; file /mnt/f3 2
plan <<P
$(early A /mnt/f1 4 r)
$(user B /mnt/f2 4 r handler=ignore)
$(user C /mnt/f3 2 w handler=block)
inject sh timeout 40 sh -c 'echo pfn0.0 > /sys/bus/nd/drivers/nd_pmem/unbind'; echo rc=$?
settle 300
P
