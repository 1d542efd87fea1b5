# External log on a partition: before it, in its first and last page, behind it.
parts_of pmem1 8192 262144
xfs -m rmapbt=1,reflink=1 -l logdev=/dev/pmem1p1,size=64m /dev/pmem0; mnt -t xfs -o dax=always,logdev=/dev/pmem1p1 /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs dev=pmem1 off=4096
inject debugfs dev=pmem1 off=$((8192 * 512 + 64 * 1024 * 1024))
inject debugfs dev=pmem1 off=$((8192 * 512 + 64 * 1024 * 1024 - 4096))
inject debugfs of=A:m0:3
P
