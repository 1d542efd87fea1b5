# Blocks of 1 KiB: dax=always is refused or ignored, the data lie in the page cache.
xfs -b size=1024 -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs dev=pmem0 off=$(where /mnt/f1 12288)
post A m0 page=3 how=r
P
