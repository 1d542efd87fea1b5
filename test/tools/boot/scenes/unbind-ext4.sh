# Unbinding below ext4, which registers no holder functions.
make mkfs.ext4 -q -F -b 4096 /dev/pmem0; mnt -t ext4 -o dax=always /dev/pmem0 /mnt
file /mnt/f1 16
plan <<P
$(early A /mnt/f1 16 w)
inject sh timeout 20 sh -c 'echo namespace0.0 > /sys/bus/nd/drivers/nd_pmem/unbind'; echo rc=$?
settle 300
P
