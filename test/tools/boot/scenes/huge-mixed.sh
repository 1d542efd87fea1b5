# XFS, 2 MiB blocks: a huge mapping, a private one of the same pages, and a small one; then a page of the head.
xfs -m rmapbt=1,reflink=1 -d su=2m,sw=1,agcount=2 -l size=64m /dev/pmem0; dax /dev/pmem0 /mnt
xfs_io -f -c "extsize 2m" -c "falloc 0 8m" -c "pwrite -q 0 8m" -c fsync /mnt/f1
plan <<P
proc A
map A m0 /mnt/f1 off=0 len=8388608 align=2097152
touch A m0 page=0 count=1 how=w
touch A m0 page=600 count=1 how=w
info A m0 page=598 count=4
proc B
policy B early
map B m0 /mnt/f1 off=0 len=8388608 align=2097152 flags=private
touch B m0 page=601 count=1 how=r
info B m0 page=598 count=5
proc C
policy C early
map C m0 /mnt/f1 off=2097152 len=65536
touch C m0 page=0 count=16 how=r
info C m0
inject madvise A m0 page=601
inject debugfs of=A:m0:0
inject madvise A m0 page=1030 count=2
P
