# Injectors that ignore or block SIGBUS, several pages each.
xfs -m rmapbt=1,reflink=0 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(user A /mnt/f1 16 w handler=ignore)
$(user B /mnt/f1 16 r handler=block)
$(early C /mnt/f1 16 r)
inject debugfs of=A:m0:8
inject madvise B m0 page=3 count=2
inject madvise A m0 page=5 count=2
P
