# 2 MiB blocks mapped by offsets: aligned, odd by a page, across two huge pages, private.
xfs -m rmapbt=1,reflink=1 -d su=2m,sw=1,agcount=2 -l size=64m /dev/pmem0; dax /dev/pmem0 /mnt
xfs_io -f -c "extsize 2m" -c "falloc 0 8m" -c "pwrite -q 0 8m" -c fsync /mnt/f1
plan <<P
proc A
map A m0 /mnt/f1 off=2097152 len=4194304 align=2097152
touch A m0 page=3 count=1 how=w
touch A m0 page=515 count=1 how=r
info A m0 page=2 count=4
proc B
policy B early
map B m0 /mnt/f1 off=2101248 len=4190208
touch B m0 page=2 count=1 how=r
touch B m0 page=600 count=1 how=r
info B m0 page=1 count=4
proc C
policy C early
map C m0 /mnt/f1 off=4194304 len=2097152 align=2097152 prot=r
touch C m0 page=9 count=1 how=r
info C m0 page=8 count=4
proc D
policy D early
map D m0 /mnt/f1 off=2097152 len=2097152 align=2097152 flags=private
touch D m0 page=3 count=1 how=w
info D m0 page=2 count=4
inject madvise A m0 page=3
inject debugfs of=C:m0:9
P
