# A filesystem that is mounted read-only after it was written.
xfs -m rmapbt=1,reflink=0 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; file /mnt/f2 16; two=$(where /mnt/f2 4096)
topology; dump; touch /tmp/dumped
umount /mnt; mnt -t xfs -o ro,dax=always /dev/pmem0 /mnt
plan <<P
$(early A /mnt/f1 16 r -- prot=r)
inject debugfs of=A:m0:3
inject debugfs dev=pmem0 off=$two
inject madvise A m0 page=7
inject debugfs dev=pmem0 off=4096
P
