# A reflinked file is removed while it is mapped; then its sharer too.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; copy /mnt/f1 /mnt/f2
plan <<P
$(early A /mnt/f1 16 r)
$(early B /mnt/f2 16 r)
inject debugfs $(at /mnt/f1 3)
sh unlink rm /mnt/f1; sync
inject debugfs $(at /mnt/f2 4)
sh unlink rm /mnt/f2; sync
inject madvise B m0 page=5
exit A
inject madvise B m0 page=6
P
