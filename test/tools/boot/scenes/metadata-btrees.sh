# The reverse map's own blocks, refcount btree, free space list, secondary superblock: each on a filesystem that is still up only for the first.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs dev=pmem0 off=$(owned /mnt xfs:refcount_btree)
inject debugfs dev=pmem0 off=$(owned /mnt xfs:per_ag_metadata)
inject debugfs of=A:m0:3
P
