# A filesystem of version 4: no checksums, no reverse map.
xfs -m crc=0 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(user A /mnt/f1 16 w)
$(early B /mnt/f1 16 r)
inject madvise A m0 page=3
inject debugfs of=B:m0:5
inject debugfs dev=pmem0 off=0
P
