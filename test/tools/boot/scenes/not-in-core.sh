# After a remount without reflink: nobody looked at f2; f1 and f3 are open, a directory's block is on disk only.
xfs -m rmapbt=1,reflink=0 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; file /mnt/f2 16; file /mnt/f3 16; two=$(where /mnt/f2 8192) three=$(where /mnt/f3 8192)
topology; dump; touch /tmp/dumped
umount /mnt; dax /dev/pmem0 /mnt
plan <<P
$(user A /mnt/f1 16 r)
$(early B /mnt/f3 16 w)
inject debugfs dev=pmem0 off=$two
inject debugfs dev=pmem0 off=$three
inject madvise A m0 page=3
map B m1 /mnt/f2 off=0 len=65536
touch B m1 page=0 count=4 how=r
inject debugfs dev=pmem0 off=$two
P
