# Blocks of 1 KiB and a read-only look at metadata; nothing is DAX.
xfs -b size=1024 -m rmapbt=1,reflink=0 /dev/pmem0; mnt -t xfs /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 r)
inject madvise A m0 page=5
inject debugfs dev=pmem0 off=0
P
