# 2 MiB mappings on dm-linear, 2 MiB aligned.
table lin0 "0 900000 linear /dev/pmem0 4096"
xfs -m rmapbt=1,reflink=0 -d su=2m,sw=1,agcount=2 -l size=64m /dev/mapper/lin0; dax /dev/mapper/lin0 /mnt
xfs_io -f -c "extsize 2m" -c "falloc 0 4m" -c "pwrite -q 0 4m" -c fsync /mnt/f1
plan <<P
proc A
map A m0 /mnt/f1 off=0 len=4194304 align=2097152
touch A m0 page=5 count=1 how=w
info A m0 page=4 count=4
proc B
policy B early
map B m0 /mnt/f1 off=0 len=4194304 align=2097152
touch B m0 page=5 count=1 how=r
info B m0 page=4 count=4
inject madvise A m0 page=5
P
