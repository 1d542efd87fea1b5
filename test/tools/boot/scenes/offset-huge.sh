# data_offset, 2 MiB mappings, an extent that starts inside another allocation group.
namespace -m fsdax --map=dev; MODE=fsdax-dev; note "mode fsdax-dev"
xfs -m rmapbt=1,reflink=1 -d su=2m,sw=1,agcount=2 -l size=64m /dev/pmem0; dax /dev/pmem0 /mnt
mkdir /mnt/d; xfs_io -f -c "extsize 2m" -c "falloc 0 4m" -c "pwrite -q 0 4m" -c fsync /mnt/d/f1
plan <<P
proc A
map A m0 /mnt/d/f1 off=0 len=4194304 align=2097152
touch A m0 page=5 count=1 how=w
info A m0 page=4 count=4
proc B
policy B early
map B m0 /mnt/d/f1 off=4096 len=2093056
touch B m0 page=4 count=1 how=r
info B m0 page=3 count=4
inject madvise A m0 page=5
inject debugfs of=A:m0:700
P
