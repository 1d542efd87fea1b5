# The sysctl is switched on between two failures; sleepers with every policy; nobody early at first.
xfs -m rmapbt=1,reflink=0 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(user A /mnt/f1 16 w)
$(POLICY=late user B /mnt/f1 16 r)
$(user C /mnt/f1 16 r)
inject debugfs of=A:m0:3
sh sysctl echo 1 > /proc/sys/vm/memory_failure_early_kill
inject debugfs of=A:m0:4
inject madvise B m0 page=5
sh sysctl echo 0 > /proc/sys/vm/memory_failure_early_kill
inject madvise C m0 page=6
P
