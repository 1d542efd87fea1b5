# cpu max,la57=off,vendor=GenuineIntel
# A machine check below ext4 with a huge and a private mapping.
make mkfs.ext4 -q -F -b 4096 -E stride=512,stripe_width=512 /dev/pmem0; mnt -t ext4 -o dax=always /dev/pmem0 /mnt
xfs_io -f -c "falloc 0 8m" -c "pwrite -q 0 8m" -c fsync /mnt/f1
plan <<P
proc A
policy A early
map A m0 /mnt/f1 off=0 len=8388608 align=2097152
touch A m0 page=600 count=1 how=w
info A m0 page=598 count=4
proc B
policy B early
map B m0 /mnt/f1 off=0 len=8388608 flags=private
touch B m0 page=600 count=1 how=r
info B m0 page=598 count=4
inject sh srao $(( 0x40000000 + $(where /mnt/f1 2457600) ))
inject sh srao $(( 0x40000000 + $(where /mnt/f1 2457600) ))
P
