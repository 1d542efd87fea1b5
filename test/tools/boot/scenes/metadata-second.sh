# Superblock of the second allocation group.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs dev=pmem0 off=134217728
P
