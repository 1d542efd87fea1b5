# No reverse map, reflink: a page copied by a write through the mapping, one still shared but touched by nobody else, and a private file.
xfs -m rmapbt=0,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; copy /mnt/f1 /mnt/f2; file /mnt/f3 16
plan <<P
proc A
policy A early
map A m0 /mnt/f2 off=0 len=65536
touch A m0 page=5 count=1 how=w
info A m0
$(early B /mnt/f3 16 r)
$(early C /mnt/f3 16 r -- flags=private)
inject madvise B m0 page=2
inject debugfs of=C:m0:4
inject debugfs of=A:m0:5
post A m0 page=5 how=r
P
