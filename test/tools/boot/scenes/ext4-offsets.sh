# ext4: offset mappings, twice in one process, private and read-only ones, count over pages that are not mapped.
make mkfs.ext4 -q -F -b 4096 /dev/pmem0; mnt -t ext4 -o dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
proc A
map A m0 /mnt/f1 off=16384 len=32768
map A m1 /mnt/f1 off=0 len=65536
touch A m0 page=0 count=8 how=w
touch A m1 page=2 count=4 how=r
info A m0
info A m1
proc B handler=default
policy B early
map B m0 /mnt/f1 off=20480 len=8192 prot=r
touch B m0 page=0 count=2 how=r
info B m0
proc C
policy C late
map C m0 /mnt/f1 off=0 len=65536 flags=private
touch C m0 page=0 count=16 how=r
info C m0
inject madvise A m0 page=0
inject debugfs of=B:m0:0
inject madvise C m0 page=8 count=2
P
