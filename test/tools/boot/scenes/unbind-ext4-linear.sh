# Unbinding below ext4 on dm-linear.
table lin0 "0 900000 linear /dev/pmem0 2048"
make mkfs.ext4 -q -F -b 4096 /dev/mapper/lin0; mnt -t ext4 -o dax /dev/mapper/lin0 /mnt
file /mnt/f1 4
plan <<P
$(early A /mnt/f1 4 w)
inject sh timeout 40 sh -c 'echo namespace0.0 > /sys/bus/nd/drivers/nd_pmem/unbind'; echo rc=$?
inject debugfs pfn=0x40200
P
