# Private mappings are written between two failures: their pages are copies then.
xfs -m rmapbt=1,reflink=0 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 r -- flags=private)
$(early B /mnt/f1 16 w)
inject debugfs $(at /mnt/f1 3)
touch A m0 page=5 count=2 how=w
inject debugfs $(at /mnt/f1 5)
inject debugfs $(at /mnt/f1 8)
touch A m0 page=8 count=1 how=w
inject madvise B m0 page=8
P
