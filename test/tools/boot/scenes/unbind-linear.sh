# Unbinding a namespace below dm-linear.
table lin0 "0 900000 linear /dev/pmem0 2048"
xfs -m rmapbt=1,reflink=1 /dev/mapper/lin0; dax /dev/mapper/lin0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
inject sh timeout 40 sh -c 'echo namespace0.0 > /sys/bus/nd/drivers/nd_pmem/unbind'; echo rc=$?
settle 300
P
