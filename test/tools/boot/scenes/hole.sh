# A page of a hole: the zero page stands for it.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 4
xfs_io -c "truncate 65536" -c fsync /mnt/f1
plan <<P
proc A
map A m0 /mnt/f1 off=0 len=65536
touch A m0 page=0 count=16 how=r
info A m0
inject madvise A m0 page=8
P
