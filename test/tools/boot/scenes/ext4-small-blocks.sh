# ext4 with blocks of 1 KiB: no DAX.
make mkfs.ext4 -q -F -b 1024 /dev/pmem0; mnt -t ext4 /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 r)
inject debugfs dev=pmem0 off=$(where /mnt/f1 12288)
inject debugfs dev=pmem0 off=0
P
