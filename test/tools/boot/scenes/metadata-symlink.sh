# The block of a long symbolic link, and a data page afterwards.
xfs -m rmapbt=1,reflink=1 /dev/pmem0; dax /dev/pmem0 /mnt
file /mnt/f1 16; l=x; while [ ${#l} -lt 900 ]; do l=$l/abcdefghijklm; done; ln -s $l /mnt/link; sync; sync
link=$(stat -c %i /mnt/link 2>/dev/null || ls -i /mnt/link | awk '{print $1}')
plan <<P
$(early A /mnt/f1 16 w)
inject debugfs dev=pmem0 off=$(owned /mnt $link)
P
