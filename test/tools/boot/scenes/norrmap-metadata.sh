# No reverse map: superblock, log, free space, a file in core that nobody mapped.
xfs -m rmapbt=0,reflink=0 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; file /mnt/f2 16
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs dev=pmem0 off=0
inject debugfs dev=pmem0 off=$(where /mnt/f2 4096)
inject debugfs dev=pmem0 off=300000000
inject debugfs dev=pmem0 off=$(where /mnt/f1 4096)
inject madvise A m0 page=1
P
