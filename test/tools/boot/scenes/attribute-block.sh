# An attribute block of a file whose sharers are mapped; then its data.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; copy /mnt/f1 /mnt/f2; attr_of /mnt/f1
ino=$(ls -i /mnt/f1 | awk '{print $1}')
plan <<P
$(early A /mnt/f1 16 r)
$(early B /mnt/f2 16 r)
info A m0
inject debugfs of=B:m0:1
inject debugfs dev=pmem0 off=$(owned /mnt $ino+attr)
inject debugfs of=B:m0:2
P
