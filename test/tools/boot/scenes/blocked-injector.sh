# The injector blocks SIGBUS; a second injection by a process with the default action.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(user A /mnt/f1 16 w handler=block)
$(early B /mnt/f1 16 r)
$(user C /mnt/f1 16 r handler=default)
inject madvise A m0 page=3
inject madvise C m0 page=5
P
