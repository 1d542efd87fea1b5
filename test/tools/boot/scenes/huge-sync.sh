# MAP_SYNC in 2 MiB entries, one process with the late policy, one that ignores SIGBUS.
xfs -m rmapbt=1,reflink=0 -d su=2m,sw=1,agcount=2 -l size=64m /dev/pmem0; dax /dev/pmem0 /mnt
xfs_io -f -c "extsize 2m" -c "falloc 0 4m" -c "pwrite -q 0 4m" -c fsync /mnt/f1
plan <<P
proc A
policy A late
map A m0 /mnt/f1 off=0 len=4194304 align=2097152 flags=sync
touch A m0 page=5 count=1 how=w
info A m0 page=4 count=4
proc B handler=ignore
policy B early
map B m0 /mnt/f1 off=0 len=4194304 align=2097152 flags=sync prot=r
touch B m0 page=5 count=1 how=r
info B m0 page=4 count=4
inject madvise A m0 page=5 count=3
P
