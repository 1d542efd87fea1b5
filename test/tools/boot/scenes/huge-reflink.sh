# 2 MiB blocks shared by two files.
xfs -m rmapbt=1,reflink=1 -d su=2m,sw=1,agcount=2 -l size=64m /dev/pmem0; dax /dev/pmem0 /mnt
xfs_io -f -c "extsize 2m" -c "falloc 0 4m" -c "pwrite -q 0 4m" -c fsync /mnt/f1; copy /mnt/f1 /mnt/f2
plan <<P
proc A
policy A early
map A m0 /mnt/f1 off=0 len=4194304 align=2097152
touch A m0 page=5 count=1 how=r
proc B
policy B early
map B m0 /mnt/f2 off=0 len=4194304 align=2097152
touch B m0 page=5 count=1 how=r
touch B m0 page=600 count=1 how=r
info A m0 page=4 count=4
info B m0 page=4 count=4
inject debugfs $(at /mnt/f1 5)
inject madvise A m0 page=5
inject debugfs $(at /mnt/f2 600)
P
