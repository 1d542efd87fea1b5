# Blocks of 2 KiB: the data of a file in the page cache fail below it, then free space.
xfs -b size=2048 -m rmapbt=1,reflink=0 /dev/pmem0; mnt -t xfs /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 r)
inject debugfs dev=pmem0 off=400000000
inject debugfs dev=pmem0 off=$(where /mnt/f1 12288)
P
