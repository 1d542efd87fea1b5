# dax=inode: one file has the DAX flag, the other has not.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; mnt -t xfs -o dax=inode /dev/pmem0 /mnt
mkdir /mnt/d; xfs_io -c "chattr +x" /mnt/d; file /mnt/d/f1 16; file /mnt/f2 16
plan <<P
$(early A /mnt/d/f1 16 w)
$(early B /mnt/f2 16 w)
inject debugfs of=A:m0:3
inject madvise B m0 page=3
inject debugfs dev=pmem0 off=$(where /mnt/f2 20480)
P
