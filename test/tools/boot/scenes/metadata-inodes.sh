# Inode chunk and inode btree on a filesystem without reflink, then free blocks kept by the allocation group.
xfs -m rmapbt=1,reflink=0 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs dev=pmem0 off=$(owned /mnt xfs:inodes)
inject debugfs dev=pmem0 off=$(owned /mnt xfs:inode_btree)
inject debugfs dev=pmem0 off=$(owned /mnt xfs:per_ag_metadata)
inject madvise A m0 page=3
P
