# Unbinding the realtime device; its files are mapped.
xfs -m rmapbt=0,reflink=0 -r rtdev=/dev/pmem1 -d rtinherit=1 /dev/pmem0; mnt -t xfs -o dax=always,rtdev=/dev/pmem1 /dev/pmem0 /mnt
file /mnt/f1 8
plan <<P
$(early A /mnt/f1 8 w)
inject sh timeout 40 sh -c 'echo namespace1.0 > /sys/bus/nd/drivers/nd_pmem/unbind'; echo rc=$?
settle 300
P
