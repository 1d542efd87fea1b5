# Unbinding below XFS with reflinked files, private mappings and a huge device-independent mix of policies.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 8; copy /mnt/f1 /mnt/f2; file /mnt/f3 4
plan <<P
$(early A /mnt/f1 8 r)
$(user B /mnt/f2 8 r)
proc C
policy C late
map C m0 /mnt/f3 off=0 len=16384 flags=private
touch C m0 page=0 count=1 how=w
touch C m0 page=1 count=2 how=r
info C m0
inject sh timeout 40 sh -c 'echo namespace0.0 > /sys/bus/nd/drivers/nd_pmem/unbind'; echo rc=$?
settle 500
P
