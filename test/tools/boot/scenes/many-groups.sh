# memory 896M!1G
# Twelve allocation groups: files in several, superblocks and headers of others.
xfs -m rmapbt=1,reflink=1 -d agcount=12 /dev/pmem0; dax /dev/pmem0 /mnt
for i in 1 2 3 4 5 6 7 8; do mkdir /mnt/d$i; file /mnt/d$i/f 4; done
copy /mnt/d3/f /mnt/d6/g
plan <<P
$(early A /mnt/d2/f 4 w)
$(early B /mnt/d3/f 4 r)
$(early C /mnt/d6/g 4 r)
$(user D /mnt/d7/f 4 w)
info B m0
inject debugfs of=A:m0:1
inject debugfs of=C:m0:2
inject madvise D m0 page=3
inject debugfs dev=pmem0 off=$((896 * 1024 * 1024 / 4096 / 12 * 4096 * 9 + 49152))
inject debugfs of=A:m0:2
P
