# External log: a data page, then behind the log on its device, then the log.
xfs -m rmapbt=1,reflink=1 -l logdev=/dev/pmem1,size=64m /dev/pmem0; mnt -t xfs -o dax=always,logdev=/dev/pmem1 /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs of=A:m0:3
inject debugfs dev=pmem1 off=134217728
inject debugfs dev=pmem1 off=0
inject debugfs of=A:m0:4
P
