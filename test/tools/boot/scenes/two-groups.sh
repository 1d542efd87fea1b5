# Two allocation groups on a part of the device; first and last blocks.
xfs -m rmapbt=1,reflink=1 -d agcount=2,size=300m /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs dev=pmem0 off=$((300 * 1024 * 1024 - 4096))
inject debugfs of=A:m0:3
inject debugfs dev=pmem0 off=12288
P
