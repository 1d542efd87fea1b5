# After a remount: f1 is looked at and mapped, f2 is on disk only, the directory too.
xfs -m rmapbt=1,reflink=0 /dev/pmem0; dax /dev/pmem0 /mnt
mkdir /mnt/d; file /mnt/d/f1 16; file /mnt/d/f2 16; there=$(where /mnt/d/f2 8192)
topology; dump; touch /tmp/dumped
umount /mnt; dax /dev/pmem0 /mnt
plan <<P
$(early A /mnt/d/f1 16 r)
inject debugfs dev=pmem0 off=$there
inject debugfs of=A:m0:3
P
