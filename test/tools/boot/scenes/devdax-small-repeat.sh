# Device-dax, 4 KiB, page map in RAM: count, a second failure of the same page, another process after it.
namespace -m devdax --align=4096 --map=mem; MODE=devdax; note "mode devdax"
plan <<P
$(user A /dev/dax0.0 16 w)
$(early B /dev/dax0.0 16 r)
inject madvise A m0 page=2 count=3
inject debugfs of=B:m0:9
touch B m0 page=3 count=1 how=r
inject madvise B m0 page=3
P
