# After a failure of a shared page both sharers touch it again, in turn; then it fails again.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; copy /mnt/f1 /mnt/f2
plan <<P
$(early A /mnt/f1 16 r)
$(early B /mnt/f2 16 r)
info A m0
inject madvise A m0 page=3
touch A m0 page=3 count=1 how=r
touch B m0 page=3 count=1 how=r
inject debugfs $(at /mnt/f1 3)
touch B m0 page=5 count=1 how=r
touch A m0 page=5 count=1 how=r
inject debugfs $(at /mnt/f1 5)
inject madvise B m0 page=6
P
