# The file shrinks while it is mapped; its old block is free, or somebody else's.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; old=$(where /mnt/f1 40960)
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs of=A:m0:3
sh truncate xfs_io -c "truncate 32768" -c fsync /mnt/f1
inject debugfs dev=pmem0 off=$old
inject debugfs of=A:m0:4
P
