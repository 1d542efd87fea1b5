# Frames that belong to nobody: no memory, firmware, free RAM, the kernel's own.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs pfn=0x200000
inject debugfs pfn=0xa0
inject debugfs pfn=0x100000000
inject debugfs dev=pmem1 off=4096
P
