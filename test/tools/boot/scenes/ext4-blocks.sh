# ext4: superblock, a free block, a file nobody maps, then a mapped one by its device offset.
make mkfs.ext4 -q -F -b 4096 /dev/pmem0; mnt -t ext4 -o dax=always /dev/pmem0 /mnt
file /mnt/f1 16; file /mnt/f2 16
plan <<P
$(early A /mnt/f1 16 w)
$(user B /mnt/f1 16 r)
inject debugfs dev=pmem0 off=0
inject debugfs dev=pmem0 off=$(where /mnt/f2 8192)
inject debugfs dev=pmem0 off=$(where /mnt/f1 12288)
inject debugfs dev=pmem0 off=$(where /mnt/f1 12288)
inject debugfs dev=pmem0 off=400000000
P
