# cpu max,la57=off,vendor=GenuineIntel
# A machine check in a 2 MiB unit of device-dax.
namespace -m devdax; MODE=devdax; note "mode devdax"
plan <<P
proc A
policy A early
map A m0 /dev/dax0.0 off=0 len=8388608 align=2097152
touch A m0 page=600 count=1 how=w
info A m0 page=598 count=4
proc B
map B m0 /dev/dax0.0 off=2097152 len=2097152 align=2097152
touch B m0 page=9 count=1 how=r
info B m0 page=8 count=2
inject sh srao $(( 0x40a00000 + 600 * 4096 ))
P
