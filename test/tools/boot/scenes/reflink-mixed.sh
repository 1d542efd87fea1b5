# Shared blocks, private mappings of both files, a late process, an injector that maps both.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; copy /mnt/f1 /mnt/f2
plan <<P
$(user A /mnt/f1 16 r)
map A m1 /mnt/f2 off=0 len=65536
touch A m1 page=0 count=16 how=r
proc B
policy B early
map B m0 /mnt/f2 off=0 len=65536 flags=private
touch B m0 page=0 count=8 how=w
touch B m0 page=8 count=8 how=r
proc C
policy C late
map C m0 /mnt/f1 off=0 len=65536
touch C m0 page=0 count=16 how=r
info A m0
info A m1
info B m0
info C m0
inject madvise A m0 page=3
inject debugfs $(at /mnt/f1 9)
inject madvise A m1 page=12
P
