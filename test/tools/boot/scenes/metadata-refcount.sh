# A block of the refcount btree first; what comes later finds the filesystem down.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; copy /mnt/f1 /mnt/f2
plan <<P
$(early A /mnt/f1 16 r)
$(user B /mnt/f2 16 r)
info A m0
inject debugfs dev=pmem0 off=$(owned /mnt xfs:refcount_btree)
inject madvise A m0 page=3
inject madvise B m0 page=4
P
