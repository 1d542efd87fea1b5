# B unmaps and C exits before the failure; D unmaps between two failures, E exits.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
$(early B /mnt/f1 16 r)
$(early C /mnt/f1 16 r)
$(early D /mnt/f1 16 r)
$(early E /mnt/f1 16 r)
munmap B m0
exit C
inject debugfs of=A:m0:3
munmap D m0
exit E
inject debugfs of=A:m0:4
inject madvise A m0 page=6
P
