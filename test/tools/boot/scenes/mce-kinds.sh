# cpu max,la57=off,vendor=GenuineIntel
# Machine checks (SRAO): a shared page, free space, the other device, ordinary RAM of nobody.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; copy /mnt/f1 /mnt/f2
plan <<P
$(early A /mnt/f1 16 r)
$(early B /mnt/f2 16 r)
$(user C /mnt/f2 16 r)
info A m0
info B m0
inject sh srao $(( 0x40000000 + $(where /mnt/f1 20480) + 64 ))
inject sh srao $(( 0x40000000 + 400000000 ))
inject sh srao $(( 0x60000000 + 4096 ))
P
