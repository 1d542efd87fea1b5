# The other doors: hard_offline_page and soft_offline_page in sysfs.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
inject sh echo $(( 0x40000000 + $(where /mnt/f1 12288) )) > /sys/devices/system/memory/hard_offline_page
inject sh echo $(( 0x40000000 + $(where /mnt/f1 16384) )) > /sys/devices/system/memory/soft_offline_page
inject madvise A m0 page=5
P
