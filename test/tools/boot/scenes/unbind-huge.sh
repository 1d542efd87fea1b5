# Unbinding below 2 MiB mappings, a 4 KiB one and a MAP_SYNC one.
xfs -m rmapbt=1,reflink=0 -d su=2m,sw=1,agcount=2 -l size=64m /dev/pmem0; dax /dev/pmem0 /mnt
xfs_io -f -c "extsize 2m" -c "falloc 0 2m" -c "pwrite -q 0 2m" -c fsync /mnt/f1; file /mnt/f2 2
plan <<P
proc A
policy A early
map A m0 /mnt/f1 off=0 len=2097152 align=2097152
touch A m0 page=5 count=1 how=w
info A m0 page=4 count=4
$(early B /mnt/f2 2 w -- flags=sync)
inject sh timeout 40 sh -c 'echo namespace0.0 > /sys/bus/nd/drivers/nd_pmem/unbind'; echo rc=$?
settle 500
P
