# One process maps the same page three times: shared, shared elsewhere, private.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; file /mnt/f2 16
plan <<P
$(user A /mnt/f1 16 w)
map A m1 /mnt/f1 off=8192 len=8192
map A m2 /mnt/f1 off=0 len=32768 flags=private
map A m3 /mnt/f2 off=0 len=32768
touch A m1 page=0 count=2 how=r
touch A m2 page=0 count=4 how=r
touch A m2 page=5 count=1 how=w
touch A m3 page=0 count=2 how=w
info A m1
info A m2
info A m3
$(early B /mnt/f1 16 r -- prot=r)
inject madvise A m1 page=1
inject madvise A m2 page=5
inject madvise A m2 page=2
inject madvise A m3 page=1
P
