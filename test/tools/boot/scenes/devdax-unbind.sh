# Unbinding device-dax while it is mapped.
namespace -m devdax; MODE=devdax; note "mode devdax"
plan <<P
proc A
policy A early
map A m0 /dev/dax0.0 off=0 len=8388608 align=2097152
touch A m0 page=600 count=1 how=w
info A m0 page=598 count=4
inject sh timeout 40 sh -c 'echo dax0.0 > /sys/bus/nd/drivers/dax_pmem/unbind'; echo rc=$?
settle 300
P
