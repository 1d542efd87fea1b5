# The file ends inside its last page; the mapping goes on behind it.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
xfs_io -f -c "pwrite -q 0 13000" -c fsync /mnt/f1
plan <<P
proc A
map A m0 /mnt/f1 off=0 len=65536
touch A m0 page=0 count=4 how=w
info A m0
proc B
policy B early
map B m0 /mnt/f1 off=12288 len=4096
touch B m0 page=0 count=1 how=r
info B m0
inject madvise A m0 page=3
post A m0 page=5 how=r
P
