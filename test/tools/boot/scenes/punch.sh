# Blocks move between two failures: truncate and a new write through the mapping.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
$(early B /mnt/f1 16 r)
inject debugfs of=A:m0:3
map A m1 /mnt/f1 off=0 len=65536
touch A m1 page=4 count=2 how=r
inject madvise A m1 page=5
munmap B m0
touch A m0 page=3 count=1 how=r
inject madvise A m0 page=7
P
