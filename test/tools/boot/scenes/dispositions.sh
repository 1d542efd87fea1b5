# Every disposition of SIGBUS, injector with the default one is last.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(user A /mnt/f1 16 w handler=ignore)
$(early B /mnt/f1 16 r handler=ignore)
$(early C /mnt/f1 16 r handler=block)
$(early D /mnt/f1 16 r handler=default)
$(early E /mnt/f1 16 r)
inject madvise A m0 page=3
post E m0 page=3 how=r
P
