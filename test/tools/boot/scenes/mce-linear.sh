# Machine checks below dm-linear, and in a part of the device that the table does not use.
# cpu max,la57=off,vendor=GenuineIntel
table lin0 "0 900000 linear /dev/pmem0 2048"
xfs -m rmapbt=1,reflink=0 /dev/mapper/lin0; dax /dev/mapper/lin0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
$(user B /mnt/f1 16 r)
inject sh srao $(( 0x40000000 + 1048576 + $(where /mnt/f1 12288) ))
inject sh srao $(( 0x40000000 + 8192 ))
P
