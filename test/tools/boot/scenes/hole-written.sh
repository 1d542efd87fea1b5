# Holes are filled by writes through mappings before the failure.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 4; xfs_io -c "truncate 65536" -c fsync /mnt/f1
plan <<P
proc A
policy A early
map A m0 /mnt/f1 off=0 len=65536
touch A m0 page=0 count=2 how=w
touch A m0 page=6 count=2 how=w
touch A m0 page=10 count=1 how=r
info A m0
inject debugfs of=A:m0:6
inject madvise A m0 page=7
inject madvise A m0 page=1
P
