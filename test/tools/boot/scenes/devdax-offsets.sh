# Device-dax, 2 MiB: mappings by offsets, several processes, the same unit twice, count over two units.
namespace -m devdax; MODE=devdax; note "mode devdax"
plan <<P
proc A
map A m0 /dev/dax0.0 off=2097152 len=6291456 align=2097152
touch A m0 page=0 count=1 how=w
touch A m0 page=512 count=1 how=w
info A m0 page=0 count=4
proc B
policy B early
map B m0 /dev/dax0.0 off=0 len=8388608 align=2097152
touch B m0 page=520 count=1 how=r
touch B m0 page=1030 count=1 how=r
info B m0 page=518 count=4
proc C handler=default
policy C early
map C m0 /dev/dax0.0 off=4194304 len=2097152 align=2097152
touch C m0 page=7 count=1 how=r
info C m0 page=6 count=4
inject madvise A m0 page=511 count=2
inject debugfs of=B:m0:520
touch A m0 page=0 count=1 how=r
inject madvise A m0 page=3
P
