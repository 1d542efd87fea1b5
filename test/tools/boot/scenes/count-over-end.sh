# madvise over shared and private extents of one file, over pages that already failed, and a second time.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; copy /mnt/f1 /mnt/f2; xfs_io -c "pwrite -q 16384 8192" -c fsync /mnt/f2
plan <<P
$(early B /mnt/f1 16 r)
$(user A /mnt/f2 16 r)
info B m0
inject madvise A m0 page=2 count=5
inject madvise A m0 page=5 count=3
P
