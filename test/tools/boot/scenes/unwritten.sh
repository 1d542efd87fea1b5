# Blocks that are allocated but not written: one was read, one written through the mapping, one never touched.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
xfs_io -f -c "falloc 0 65536" -c fsync /mnt/f1
plan <<P
proc A
policy A early
map A m0 /mnt/f1 off=0 len=65536
touch A m0 page=2 count=2 how=r
touch A m0 page=5 count=2 how=w
info A m0
inject debugfs of=A:m0:5
inject debugfs dev=pmem0 off=$(where /mnt/f1 8192)
inject debugfs dev=pmem0 off=$(where /mnt/f1 40960)
P
