# B has its own copies of pages 0..7 (copy on write of a private mapping); the file's page fails by device offset.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 r)
proc B
policy B early
map B m0 /mnt/f1 off=0 len=65536 flags=private
touch B m0 page=0 count=8 how=w
touch B m0 page=8 count=8 how=r
info B m0
inject debugfs dev=pmem0 off=$(where /mnt/f1 12288)
inject debugfs dev=pmem0 off=$(where /mnt/f1 40960)
post B m0 page=3 how=r
P
