# Reflinked files on dm-linear: the generic path meets a shared page.
table lin0 "0 900000 linear /dev/pmem0 2048"
xfs -m rmapbt=1,reflink=1 /dev/mapper/lin0; dax /dev/mapper/lin0 /mnt
file /mnt/f1 16; copy /mnt/f1 /mnt/f2; file /mnt/f3 4
plan <<P
$(early C /mnt/f3 4 w)
$(early A /mnt/f1 16 r)
$(early B /mnt/f2 16 r)
info A m0
inject debugfs of=C:m0:1
inject debugfs of=B:m0:5
P
