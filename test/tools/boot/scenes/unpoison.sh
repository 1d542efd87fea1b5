# hwpoison/unpoison-pfn between two failures of the same page.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs dev=pmem0 off=$(where /mnt/f1 12288)
sh unpoison echo $(( (0x40000000 + $(where /mnt/f1 12288)) / 4096 )) > /sys/kernel/debug/hwpoison/unpoison-pfn
inject debugfs dev=pmem0 off=$(where /mnt/f1 12288)
P
