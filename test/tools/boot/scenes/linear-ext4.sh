# ext4 on dm-linear: a private reader injects, then the device's own offset.
table lin0 "0 900000 linear /dev/pmem0 2048"
make mkfs.ext4 -q -F -b 4096 /dev/mapper/lin0; mnt -t ext4 -o dax /dev/mapper/lin0 /mnt
file /mnt/f1 16
plan <<P
$(user A /mnt/f1 16 r -- flags=private)
$(early B /mnt/f1 16 w)
inject madvise A m0 page=3
inject debugfs of=B:m0:5
inject debugfs dev=pmem0 off=4096
P
