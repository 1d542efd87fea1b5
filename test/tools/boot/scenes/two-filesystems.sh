# memory 512M!1G 320M!1536M
# A filesystem on each device; the same policies; one goes down, the other one stays.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
xfs -m rmapbt=1,reflink=1 /dev/pmem1; dax /dev/pmem1 /mnt2
file /mnt/f1 16; copy /mnt/f1 /mnt/f2; file /mnt2/g1 16
plan <<P
$(early A /mnt/f1 16 r)
$(early B /mnt2/g1 16 w)
map B m1 /mnt/f2 off=0 len=65536
touch B m1 page=0 count=16 how=r
info A m0
info B m1
inject debugfs of=B:m1:3
inject debugfs dev=pmem1 off=4096
inject debugfs of=B:m0:3
inject debugfs of=B:m1:5
P
