# memory 3G!4G
# ram 7G
# Device-dax, 1 GiB: lsb 30.
namespace -m devdax --align=1G; MODE=devdax; note "mode devdax"
plan <<P
proc A
map A m0 /dev/dax0.0 off=0 len=1073741824 align=1073741824
touch A m0 page=5 count=1 how=w
info A m0 page=4 count=4
proc B
policy B early
map B m0 /dev/dax0.0 off=0 len=1073741824 align=1073741824
touch B m0 page=9 count=1 how=r
info B m0 page=4 count=4
inject madvise A m0 page=600
inject debugfs of=B:m0:9
P
