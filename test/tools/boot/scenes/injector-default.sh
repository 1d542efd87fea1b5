# The injector has the default disposition and maps three times; others block, ignore, are late.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(user A /mnt/f1 16 w handler=default)
map A m1 /mnt/f1 off=8192 len=16384
touch A m1 page=0 count=4 how=r
info A m1
$(early B /mnt/f1 16 r handler=block)
$(POLICY=late user C /mnt/f1 16 r handler=default)
$(early D /mnt/f1 16 r handler=ignore)
inject madvise A m1 page=1 count=2
inject debugfs of=C:m0:5
inject madvise C m0 page=6
P
