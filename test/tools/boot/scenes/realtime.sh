# Realtime device: its free space, a realtime file through the device, metadata on the data device.
xfs -m rmapbt=0,reflink=0 -r rtdev=/dev/pmem1 -d rtinherit=1 /dev/pmem0; mnt -t xfs -o dax=always,rtdev=/dev/pmem1 /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs of=A:m0:3
inject debugfs dev=pmem1 off=200000000
inject debugfs dev=pmem0 off=4096
P
