# Four sharers; each overwrote another part, in pieces that are not whole extents.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; for i in 2 3 4; do copy /mnt/f1 /mnt/f$i; done
xfs_io -c "pwrite -q 0 12288" -c fsync /mnt/f2; xfs_io -c "pwrite -q 8192 20480" -c fsync /mnt/f3; xfs_io -c "pwrite -q 61440 4096" -c fsync /mnt/f4; xfs_io -c "fpunch 32768 8192" -c fsync /mnt/f4
plan <<P
$(early A /mnt/f1 16 r)
$(early B /mnt/f2 16 r)
$(early C /mnt/f3 16 r)
$(early D /mnt/f4 16 r)
info A m0
info B m0
info C m0
info D m0
inject debugfs $(at /mnt/f1 1)
inject debugfs $(at /mnt/f1 4)
inject debugfs $(at /mnt/f1 8)
inject debugfs $(at /mnt/f1 15)
inject debugfs $(at /mnt/f3 4)
P
