# A block reserved for copy on write that nobody owns yet.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 64; copy /mnt/f1 /mnt/f2; xfs_io -c "cowextsize 65536" /mnt/f2; xfs_io -c "pwrite -q 4096 4096" -c fsync /mnt/f2
plan <<P
$(early A /mnt/f1 64 r)
$(early B /mnt/f2 64 r)
inject debugfs dev=pmem0 off=$(owned /mnt xfs:cow_staging || echo 300000000)
inject debugfs $(at /mnt/f2 1)
inject debugfs $(at /mnt/f1 1)
inject debugfs $(at /mnt/f1 2)
P
