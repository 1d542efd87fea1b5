# madvise over pages that are partly not there: a hole, unwritten blocks, pages never touched.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 4
xfs_io -c "truncate 65536" -c "falloc 32768 16384" -c fsync /mnt/f1
plan <<P
proc A
map A m0 /mnt/f1 off=0 len=65536
touch A m0 page=0 count=2 how=w
touch A m0 page=6 count=1 how=r
touch A m0 page=8 count=2 how=r
info A m0
$(early B /mnt/f1 4 r)
inject madvise A m0 page=1 count=3
inject madvise A m0 page=9 count=1
post A m0 page=3 how=r
P
