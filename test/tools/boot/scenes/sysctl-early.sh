# Early kill by sysctl: default, late and early processes; the injector is late.
xfs -m rmapbt=1,reflink=0 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
echo 1 > /proc/sys/vm/memory_failure_early_kill
plan <<P
$(POLICY=late user A /mnt/f1 16 w)
$(user B /mnt/f1 16 r)
$(POLICY=late user C /mnt/f1 16 r)
$(early D /mnt/f1 16 r)
inject madvise A m0 page=3
policy C early
inject madvise B m0 page=7
policy D default
inject debugfs of=A:m0:9
P
