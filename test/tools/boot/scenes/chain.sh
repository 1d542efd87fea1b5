# Four files share blocks; some pages were copied by writes through mappings.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; copy /mnt/f1 /mnt/f2; copy /mnt/f1 /mnt/f3; copy /mnt/f2 /mnt/f4
plan <<P
$(user A /mnt/f1 16 r)
proc B
policy B early
map B m0 /mnt/f2 off=0 len=65536
touch B m0 page=0 count=8 how=r
touch B m0 page=9 count=2 how=w
info B m0
$(early C /mnt/f3 16 r)
$(early D /mnt/f4 16 r)
info A m0
inject madvise A m0 page=5
inject debugfs of=B:m0:9
inject debugfs $(at /mnt/f3 9)
inject debugfs $(at /mnt/f4 12)
P
