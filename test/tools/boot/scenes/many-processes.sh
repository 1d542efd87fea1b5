# Twelve processes, every combination of policy and disposition.
xfs -m rmapbt=1,reflink=0 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 8
plan <<P
$(POLICY=early user A /mnt/f1 8 w)
$(POLICY=early user B /mnt/f1 8 r handler=ignore)
$(POLICY=early user C /mnt/f1 8 r handler=block)
$(POLICY=early user D /mnt/f1 8 r handler=default)
$(POLICY=late user E /mnt/f1 8 r)
$(POLICY=late user F /mnt/f1 8 r handler=ignore)
$(POLICY=late user G /mnt/f1 8 r handler=block)
$(POLICY=late user H /mnt/f1 8 r handler=default)
$(user I /mnt/f1 8 r)
$(user J /mnt/f1 8 r handler=ignore)
$(user K /mnt/f1 8 r handler=block)
$(user L /mnt/f1 8 r handler=default)
inject debugfs of=A:m0:1
inject madvise I m0 page=2
inject madvise K m0 page=3
inject madvise G m0 page=4
inject madvise L m0 page=5
P
