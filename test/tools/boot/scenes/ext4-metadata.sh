# ext4: journal, directory, inode table and bitmap blocks; then data after a removal.
make mkfs.ext4 -q -F -b 4096 /dev/pmem0; mnt -t ext4 -o dax=always /dev/pmem0 /mnt
file /mnt/f1 16; mkdir /mnt/d; file /mnt/d/f2 8
plan <<P
$(early A /mnt/f1 16 w)
$(early B /mnt/d/f2 8 r)
inject debugfs dev=pmem0 off=4096
inject debugfs dev=pmem0 off=$((1024 * 1024))
inject debugfs of=B:m0:3
sh unlink rm /mnt/d/f2; sync
inject madvise B m0 page=4
exit B
inject debugfs of=A:m0:3
P
