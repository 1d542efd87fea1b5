# Inodes that nobody uses leave the cache between two failures.
xfs -m rmapbt=1,reflink=0 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; file /mnt/f2 16
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs dev=pmem0 off=$(where /mnt/f2 4096)
sh drop sync; echo 3 > /proc/sys/vm/drop_caches
inject debugfs dev=pmem0 off=$(where /mnt/f2 8192)
inject debugfs of=A:m0:3
P
