# 2 MiB mappings without a reverse map: the generic path.
xfs -m rmapbt=0,reflink=0 -d su=2m,sw=1,agcount=2 -l size=64m /dev/pmem0; dax /dev/pmem0 /mnt
xfs_io -f -c "extsize 2m" -c "falloc 0 8m" -c "pwrite -q 0 8m" -c fsync /mnt/f1
plan <<P
proc A
map A m0 /mnt/f1 off=0 len=8388608 align=2097152
touch A m0 page=600 count=1 how=w
info A m0 page=598 count=4
proc B
policy B early
map B m0 /mnt/f1 off=2097152 len=2097152 align=2097152
touch B m0 page=0 count=1 how=r
info B m0 page=0 count=4
proc C
policy C early
map C m0 /mnt/f1 off=2101248 len=65536
touch C m0 page=0 count=16 how=r
info C m0
inject madvise A m0 page=600
touch A m0 page=600 count=1 how=w
inject madvise A m0 page=512
inject madvise A m0 page=1
P
