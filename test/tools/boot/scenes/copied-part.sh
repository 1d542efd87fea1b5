# f2 shares only its middle with f1, at another offset.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; file /mnt/f2 8; xfs_io -c "reflink /mnt/f1 16384 65536 32768" /mnt/f2 >/dev/null; sync
plan <<P
$(early A /mnt/f1 16 r)
proc B
policy B early
map B m0 /mnt/f2 off=0 len=98304
touch B m0 page=0 count=8 how=r
touch B m0 page=16 count=8 how=r
info B m0
proc C
policy C early
map C m0 /mnt/f2 off=69632 len=16384
touch C m0 page=0 count=4 how=r
info C m0
inject debugfs $(at /mnt/f2 17)
inject madvise A m0 page=6
inject debugfs $(at /mnt/f2 2)
P
