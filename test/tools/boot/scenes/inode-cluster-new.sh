# Many small files: inode chunks in several groups, sparse; a hard link.
xfs -m rmapbt=1,reflink=0 /dev/pmem0; dax /dev/pmem0 /mnt
mkdir /mnt/d; i=0; while [ $i -lt 100 ]; do echo > /mnt/d/filler$i; i=$((i + 1)); done; file /mnt/f1 4; ln /mnt/f1 /mnt/f2; sync
plan <<P
$(early A /mnt/f1 4 w)
$(early B /mnt/f2 4 r)
inject debugfs of=A:m0:2
inject madvise B m0 page=3
P
