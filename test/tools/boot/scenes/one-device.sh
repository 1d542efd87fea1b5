# memory 896M!1G
# One large device; XFS with one group per 128 MiB, files in the last one.
xfs -m rmapbt=1,reflink=1 -d agsize=128m /dev/pmem0; dax /dev/pmem0 /mnt
for i in 1 2 3 4 5 6 7; do mkdir /mnt/d$i; file /mnt/d$i/f 4; done
plan <<P
$(early A /mnt/d5/f 4 w)
$(early B /mnt/d6/f 4 w)
$(user C /mnt/d7/f 4 w)
inject debugfs of=B:m0:3
inject debugfs of=A:m0:0
inject madvise C m0 page=0
P
