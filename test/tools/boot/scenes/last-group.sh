# The last allocation group is shorter than the others: its last block, then the first byte behind the filesystem.
xfs -m rmapbt=1,reflink=0 -d agsize=128m,size=500m /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs dev=pmem0 off=$((500 * 1024 * 1024 - 4096))
inject debugfs of=A:m0:3
inject debugfs dev=pmem0 off=$((500 * 1024 * 1024))
inject debugfs of=A:m0:4
P
