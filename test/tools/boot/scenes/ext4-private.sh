# ext4: private mapping clean and copied, early kill by sysctl.
make mkfs.ext4 -q -F -b 4096 /dev/pmem0; mnt -t ext4 -o dax /dev/pmem0 /mnt
file /mnt/f1 16
echo 1 > /proc/sys/vm/memory_failure_early_kill
plan <<P
$(user A /mnt/f1 16 w)
$(user B /mnt/f1 16 r -- flags=private)
proc C
policy C late
map C m0 /mnt/f1 off=4096 len=40960 flags=private
touch C m0 page=0 count=4 how=w
touch C m0 page=4 count=2 how=r
info C m0
inject madvise A m0 page=3
inject madvise B m0 page=5
inject debugfs of=A:m0:9
P
