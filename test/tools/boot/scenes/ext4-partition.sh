# ext4 on a partition: a page of a file, the gap before the partition.
parts 8192 819200
make mkfs.ext4 -q -F -b 4096 /dev/pmem0p1; mnt -t ext4 -o dax /dev/pmem0p1 /mnt
file /mnt/f1 16
plan <<P
$(user A /mnt/f1 16 w)
$(early B /mnt/f1 16 r)
inject madvise A m0 page=3
inject debugfs of=B:m0:7
inject debugfs dev=pmem0 off=8192
P
