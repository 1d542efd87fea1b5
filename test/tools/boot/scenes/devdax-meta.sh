# Device-dax: the info block and the last frame before the data.
namespace -m devdax --map=dev; MODE=devdax; note "mode devdax"
plan <<P
proc A
policy A early
map A m0 /dev/dax0.0 off=0 len=8388608 align=2097152
touch A m0 page=0 count=1 how=w
info A m0 page=0 count=4
inject debugfs pfn=0x40000
inject debugfs pfn=0x40100
inject debugfs of=A:m0:0
inject madvise A m0 page=0 count=1
P
