# Realtime device: a huge device-independent file, madvise by two processes, a data file on the data device.
xfs -m rmapbt=0,reflink=0 -r rtdev=/dev/pmem1,extsize=64k /dev/pmem0; mnt -t xfs -o dax=always,rtdev=/dev/pmem1 /dev/pmem0 /mnt
file /mnt/f2 16; xfs_io -f -c "chattr +r" -c "pwrite -q 0 65536" -c fsync /mnt/f1
plan <<P
$(user A /mnt/f1 16 w)
$(early B /mnt/f1 16 r -- flags=private)
$(user C /mnt/f2 16 w)
inject madvise A m0 page=3
inject madvise C m0 page=3
inject debugfs of=B:m0:5
P
