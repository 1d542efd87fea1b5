# Inodes of 2 KiB, sectors of 512 bytes, 64-bit extent counters, one group in three.
xfs -s size=512 -i size=2048,nrext64=1 -m rmapbt=1,reflink=1 -d agcount=3 /dev/pmem0; dax /dev/pmem0 /mnt
mkdir /mnt/a /mnt/b; file /mnt/a/f1 8; file /mnt/b/f2 8; copy /mnt/a/f1 /mnt/b/f3
plan <<P
$(early A /mnt/a/f1 8 r)
$(early B /mnt/b/f2 8 w)
$(early C /mnt/b/f3 8 r)
info A m0
inject debugfs of=C:m0:3
inject madvise B m0 page=1
inject debugfs dev=pmem0 off=0
P
