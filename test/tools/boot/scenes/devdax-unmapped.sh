# Device-dax, 2 MiB: a unit that nobody mapped, then one that A mapped and left.
namespace -m devdax; MODE=devdax; note "mode devdax"
plan <<P
proc A
policy A early
map A m0 /dev/dax0.0 off=0 len=8388608 align=2097152
touch A m0 page=600 count=1 how=w
info A m0 page=598 count=4
proc B
map B m0 /dev/dax0.0 off=2097152 len=4194304 align=2097152
touch B m0 page=88 count=1 how=w
info B m0 page=86 count=4
inject debugfs pfn=$(( 0x40200000 / 4096 + 3000 ))
inject madvise B m0 page=88
munmap A m0
inject debugfs pfn=$(( 0x40200000 / 4096 + 513 ))
P
