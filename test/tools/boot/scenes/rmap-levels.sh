# So many extents that the reverse-map tree has several levels; a page in the middle, one of a sharer, metadata.
xfs -m rmapbt=1,reflink=1 -d agcount=2 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; i=0; while [ $i -lt 700 ]; do echo "pwrite -q $((i * 8192)) 4096"; i=$((i + 1)); done > /tmp/cmds; xfs_io -f /mnt/f2 < /tmp/cmds > /dev/null; sync; copy /mnt/f1 /mnt/f3
plan <<P
proc A
policy A early
map A m0 /mnt/f2 off=4096000 len=65536
touch A m0 page=0 count=1 how=r
touch A m0 page=2 count=1 how=w
info A m0
$(early B /mnt/f3 16 r)
inject debugfs of=A:m0:2
inject madvise B m0 page=7
inject madvise A m0 page=0
inject debugfs dev=pmem0 off=8192
P
