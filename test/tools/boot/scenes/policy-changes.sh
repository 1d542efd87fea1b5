# Policies are set, taken back and set again between failures; nobody is early in the middle.
xfs -m rmapbt=1,reflink=0 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
$(early B /mnt/f1 16 r)
policy A default
inject debugfs of=A:m0:1
policy B late
inject debugfs of=A:m0:2
policy A early
policy B default
inject debugfs of=A:m0:3
inject madvise B m0 page=4
P
