# memory 512M!1G 320M!1536M
# A filesystem lies on the device, but nobody mounted it; the other one is mounted.
xfs -m rmapbt=1,reflink=0 /dev/pmem0; xfs -m rmapbt=1,reflink=0 /dev/pmem1; dax /dev/pmem1 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs dev=pmem0 off=0
inject debugfs of=A:m0:3
inject debugfs dev=pmem1 off=0
inject debugfs dev=pmem0 off=4096
P
