# cpu max,la57=off,vendor=GenuineIntel
# A machine check in the log, then one in a data page of the filesystem that is down.
xfs -m rmapbt=1,reflink=0 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
inject sh srao $(( 0x40000000 + $(owned /mnt xfs:log) + 8192 ))
inject sh srao $(( 0x40000000 + $(where /mnt/f1 12288) ))
P
