# Unmounted between two failures, and mounted again.
xfs -m rmapbt=1,reflink=0 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; one=$(where /mnt/f1 4096)
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs of=A:m0:3
munmap A m0
sh umount umount /mnt
inject debugfs dev=pmem0 off=$one
sh mount mount -t xfs -o dax=always /dev/pmem0 /mnt
inject debugfs dev=pmem0 off=$one
inject debugfs dev=pmem0 off=0
P
