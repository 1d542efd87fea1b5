# A file that shares blocks with itself at another offset.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 8; xfs_io -c "reflink /mnt/f1 0 65536 32768" /mnt/f1 >/dev/null; sync
plan <<P
proc A
policy A early
map A m0 /mnt/f1 off=0 len=98304
touch A m0 page=0 count=8 how=r
touch A m0 page=16 count=8 how=r
info A m0
proc B
policy B early
map B m0 /mnt/f1 off=65536 len=32768
touch B m0 page=0 count=8 how=r
info A m0
info B m0
inject debugfs of=B:m0:3
inject madvise A m0 page=18
P
