# dax=never: everything in the page cache; then the medium fails below it.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; mnt -t xfs -o dax=never /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 r)
$(early B /mnt/f1 16 r)
inject madvise A m0 page=3
inject debugfs dev=pmem0 off=$(where /mnt/f1 20480)
P
