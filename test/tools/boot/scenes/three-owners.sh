# Three owners of a block in one process, and a process that maps only one.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 8; copy /mnt/f1 /mnt/f2; copy /mnt/f1 /mnt/f3
plan <<P
$(user A /mnt/f1 8 r)
map A m1 /mnt/f2 off=0 len=32768
map A m2 /mnt/f3 off=8192 len=16384
touch A m1 page=0 count=8 how=r
touch A m2 page=0 count=4 how=r
proc B handler=ignore
policy B early
map B m0 /mnt/f3 off=0 len=32768
touch B m0 page=0 count=8 how=r
info A m0
info A m1
info A m2
info B m0
inject madvise A m2 page=1
inject madvise A m0 page=7
inject debugfs $(at /mnt/f3 4)
P
