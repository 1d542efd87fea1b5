# Blocks of a large directory, one by one: data, leaf; the directory is in core.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; mkdir /mnt/d; i=0; while [ $i -lt 900 ]; do echo > /mnt/d/filler_with_a_long_name_$i; i=$((i + 1)); done; sync
ino=$(ls -di /mnt/d | awk '{print $1}')
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs of=A:m0:1
inject debugfs dev=pmem0 off=$(owned /mnt $ino)
inject debugfs of=A:m0:2
P
