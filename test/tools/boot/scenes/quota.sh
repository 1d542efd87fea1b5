# Group and project quota inodes.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; mnt -t xfs -o dax=always,gquota,uquota /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs of=A:m0:1
inject debugfs dev=pmem0 off=98304
inject debugfs of=A:m0:2
P
