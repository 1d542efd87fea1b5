# A poisons its own private copy: an anonymous page of RAM.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(user A /mnt/f1 16 w -- flags=private)
$(early B /mnt/f1 16 r)
inject madvise A m0 page=3
post A m0 page=3 how=r
P
