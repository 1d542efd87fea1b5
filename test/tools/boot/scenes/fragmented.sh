# A file with many extents: data in the middle, a block of its extent tree.
xfs -m rmapbt=1,reflink=0 /dev/pmem0; dax /dev/pmem0 /mnt
xfs_io -f -c "pwrite -q 0 4096" /mnt/f1
i=0; while [ $i -lt 200 ]; do echo "pwrite -q $((i * 8192)) 4096"; i=$((i + 1)); done > /tmp/cmds; xfs_io -f /mnt/f1 < /tmp/cmds >/dev/null; sync
ino=$(stat -c %i /mnt/f1 2>/dev/null || ls -i /mnt/f1 | awk '{print $1}')
plan <<P
proc A
policy A early
map A m0 /mnt/f1 off=0 len=819200
touch A m0 page=20 count=1 how=r
touch A m0 page=120 count=1 how=w
info A m0 page=118 count=4
inject debugfs of=A:m0:120
inject madvise A m0 page=20
inject debugfs dev=pmem0 off=$(owned /mnt $ino+bmbt)
P
