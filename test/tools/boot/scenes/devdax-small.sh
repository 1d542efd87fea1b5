# Device-dax with 4 KiB alignment.
namespace -m devdax --align=4096; MODE=devdax; note "mode devdax"
plan <<P
$(user A /dev/dax0.0 16 w)
$(early B /dev/dax0.0 16 r)
proc C
policy C early
map C m0 /dev/dax0.0 off=8192 len=32768
touch C m0 page=0 count=8 how=r
info C m0
inject madvise A m0 page=3
inject debugfs of=A:m0:7
P
