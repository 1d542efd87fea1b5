# memory 896M!1G
# XFS on the second partition, ext4 on the first one; failures in both, in the gap, in the table.
parts 8192 262144 270336 1048576
make mkfs.ext4 -q -F -b 4096 /dev/pmem0p1; mnt -t ext4 -o dax /dev/pmem0p1 /mnt2
xfs -m rmapbt=1,reflink=0 /dev/pmem0p2; dax /dev/pmem0p2 /mnt
file /mnt/f1 16; file /mnt2/g1 16
plan <<P
$(early A /mnt/f1 16 w)
$(early B /mnt2/g1 16 w)
inject debugfs of=A:m0:3
inject debugfs of=B:m0:3
inject debugfs dev=pmem0 off=0
inject debugfs dev=pmem0 off=$((270336 * 512))
P
