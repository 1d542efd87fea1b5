# A sparse file: pages far behind 4 GiB, mapped by an offset.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
xfs_io -f -c "pwrite -q 5368709120 65536" -c "pwrite -q 0 16384" -c fsync /mnt/f1; copy /mnt/f1 /mnt/f2
plan <<P
proc A
map A m0 /mnt/f1 off=5368709120 len=65536
touch A m0 page=0 count=16 how=r
proc B
policy B early
map B m0 /mnt/f2 off=5368725504 len=32768
touch B m0 page=0 count=8 how=r
info A m0
info B m0
inject madvise A m0 page=6
inject debugfs of=B:m0:1
P
