# dm-linear below XFS: metadata and free space by the device's own offsets.
table lin0 "0 1000000 linear /dev/pmem0 40960"
xfs -m rmapbt=1,reflink=1 /dev/mapper/lin0; dax /dev/mapper/lin0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs dev=pmem0 off=$((40960 * 512))
inject debugfs dev=pmem0 off=4096
inject debugfs of=A:m0:2
P
