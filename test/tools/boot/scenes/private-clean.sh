# Private mappings that nobody wrote, next to a shared one; the injector is a private reader.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(user A /mnt/f1 16 r -- flags=private)
$(early B /mnt/f1 16 r -- flags=private)
$(early C /mnt/f1 16 w)
inject madvise A m0 page=3
post A m0 page=3 how=r
post B m0 page=3 how=r
P
