# A file is cut to nothing while it is mapped, a hole is punched into another one, a third one is overwritten.
xfs -m rmapbt=1,reflink=0 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 8; file /mnt/f2 8; one=$(where /mnt/f1 8192) two=$(where /mnt/f2 8192)
plan <<P
$(early A /mnt/f1 8 w)
$(early B /mnt/f2 8 w)
inject debugfs of=A:m0:1
sh cut truncate -s 0 /mnt/f1; sync
inject debugfs dev=pmem0 off=$one
sh punch xfs_io -c "fpunch 8192 4096" -c fsync /mnt/f2
inject debugfs dev=pmem0 off=$two
inject debugfs of=B:m0:4
P
