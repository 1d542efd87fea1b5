#!/bin/busybox sh
# First process of the booted kernel: loads modules, runs one scene, sends what it sees to the second serial port, powers off.
/bin/busybox mkdir -p /proc /sys /dev /tmp /mnt /mnt2 /run /etc
/bin/busybox --install -s /bin
export PATH=/bin:/sbin:/usr/bin:/usr/sbin LD_LIBRARY_PATH=/lib:/lib64:/lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev; mount -t tmpfs tmp /tmp; mount -t tmpfs run /run
mount -t debugfs debug /sys/kernel/debug; mount -t tracefs trace /sys/kernel/tracing
ln -sf /proc/mounts /etc/mtab
stty -F /dev/ttyS1 raw
for module in $(cat /modules/order); do insmod /modules/$module 2>/dev/null; done
echo 0 > /proc/sys/kernel/printk_ratelimit
T=/sys/kernel/tracing
note() { echo "@$*" > /dev/ttyS1; }

# ---- words of a scene ----
settle() { sleep 0.3; sync; }
make() { note "mkfs $*"; "$@" > /tmp/mkfs.log 2>&1 || note "failed $* $(tail -3 /tmp/mkfs.log)"; }
mnt() { mount "$@"; note "mount mount $* rc=$?"; }
table() { dmsetup create "$1" --table "$2" || note "failed dm $1"; dmsetup mknodes; ls /dev/mapper >/dev/null; }
file() { xfs_io -f -c "pwrite -q -S 0x41 0 $(($2 * 4096))" -c fsync "$1"; }
copy() { xfs_io -f -c "reflink $1" "$2" > /dev/null; sync; }
namespace() { ndctl create-namespace -f -e namespace0.0 "$@" > /tmp/ndctl.log 2>&1 || note "failed ndctl $(cat /tmp/ndctl.log)"; note "mode $MODE"; }
remount() { umount /mnt; mnt "$@"; }
xfs() { make mkfs.xfs -f "$@"; }
dax() { mnt -t xfs -o dax=always "$@"; }
plan() { cat >> /tmp/plan; }
# Lines of a plan: one process that maps and touches all of a file. user LABEL FILE PAGES r|w [proc options] -- [map options]
user() { l=$1 f=$2 n=$3 h=$4; shift 4; p=; while [ $# -gt 0 ] && [ "$1" != -- ]; do p="$p $1"; shift; done; [ $# -gt 0 ] && shift
  echo "proc $l$p"; [ -z "$POLICY" ] || echo "policy $l $POLICY"; echo "map $l m0 $f off=0 len=$(($n * 4096)) $*" | sed 's/ $//'
  echo "touch $l m0 page=0 count=$n how=$h"; echo "info $l m0"; }
# An MBR: parts_of DEVICE START SIZE [START SIZE], in sectors.
le32() { for shift in 0 8 16 24; do printf "\\$(printf %03o $((($1 >> shift) & 255)))"; done; }
parts_of() { d=$1; shift; { dd if=/dev/zero bs=446 count=1; n=0; while [ $# -gt 1 ]; do printf '\0\0\0\0\203\0\0\0'; le32 $1; le32 $2; n=$((n + 1)); shift 2; done
  dd if=/dev/zero bs=16 count=$((4 - n)); printf '\125\252'; } > /tmp/mbr 2>/dev/null; dd if=/tmp/mbr of=/dev/$d conv=notrunc 2>/dev/null; blockdev --rereadpt /dev/$d; sleep 0.3; }
parts() { parts_of pmem0 "$@"; }
attr_of() { mfdrv attr $1 user.big ${2:-3000}; sync; }
early() { POLICY=early user "$@"; }
where() { mfdrv where "$@"; }
at() { echo dev=pmem0 off=$(where $1 $(($2 * 4096))); }
owned() { mfdrv owned "$@"; }
dump() { for m in $(awk '$2 ~ /^\/mnt/ {print $2}' /proc/mounts); do
  note "fs $(awk -v m=$m '$2 == m {print $1, $2, $3, $4}' /proc/mounts)"
  case $(awk -v m=$m '$2 == m {print $3}' /proc/mounts) in xfs) xfs_io -c "$(echo statfs)" $m >/dev/null; xfs_info_of $m | sed 's/^/@info /' > /dev/ttyS1;; esac
  mfdrv fs $m > /dev/ttyS1; done; }
xfs_info_of() { xfs_spaceman -c info "$1"; }
bases() { rm -f /pmem; for i in 0 1 2; do r=; for d in pfn dax namespace; do
  f=/sys/bus/nd/devices/$d$i.0/resource; [ -e $f ] && r=$(cat $f 2>/dev/null); case $r in 0x*) [ $r != 0xffffffffffffffff ] && break;; esac; done
  case $r in 0x*) echo pmem$i $r >> /pmem;; esac; done; }
topology() { bases; sed 's/^/@iomem /' /proc/iomem | grep -E 'System RAM|Persistent|namespace|dax' > /dev/ttyS1
  for i in 0 1 2; do n=/sys/bus/nd/devices/namespace$i.0; [ -e $n ] || continue
    start=$(cat $n/resource); data=$(awk -v d=pmem$i '$1 == d {print $2}' /pmem); align=; pmode=; dax=
    for d in pfn dax; do p=/sys/bus/nd/devices/$d$i.0; [ -e $p/resource ] && cat $p/resource >/dev/null 2>&1 && [ "$(cat $p/mode)" != none ] && { align=$(cat $p/align); pmode=$(cat $p/mode); }; done
    [ -e /dev/dax$i.0 ] && dax=dax$i.0
    note "pmem $i $start $data $(cat $n/size) ${align:--} ${pmode:--} ${dax:--}"; done
  for b in /sys/class/block/*; do d=$(basename $b); case $d in pmem*|dm-*|nvme*) note "block $d $([ -e $b/start ] && [ -e $b/partition ] && echo start512=$(cat $b/start)) size512=$(cat $b/size) dev=$(cat $b/dev)";; esac; done
  dmsetup table 2>/dev/null | grep -v 'No devices' | sed 's/^/@dm /' > /dev/ttyS1
  note "early $(cat /proc/sys/vm/memory_failure_early_kill)"; }
arm() { echo 0 > $T/tracing_on; echo > $T/trace; echo 20000 > $T/buffer_size_kb
  mfdrv symbols /probes > /tmp/symbols
  while read name symbol args; do
    [ $symbol != - ] || continue
    if echo "p:mf/$name $symbol $args" >> $T/kprobe_events 2>/dev/null; then s="entry ok"; else s="entry failed"; fi
    for r in "r64:mf/${name}_ret $symbol ret=\$retval:x64" "r:mf/${name}_ret $symbol ret=\$retval:x64" "r:mf/${name}_ret $symbol"; do
      echo "$r" >> $T/kprobe_events 2>/dev/null && { s="$s, return ok"; break; }; done
    note "probe $name $symbol | $s | $args"
  done < /tmp/symbols
  for e in mf ras/memory_failure_event xfs/xfs_force_shutdown fs_dax/dax_pmd_fault_done fs_dax/dax_pte_fault_done signal/signal_generate; do echo 1 > $T/events/$e/enable; done
  echo 'sig == 7 || sig == 9' > $T/events/signal/signal_generate/filter
  echo 1 > $T/tracing_on; }
printf '#!/bin/sh\necho "@mce $1" > /dev/ttyS1\nsleep 3\n' > /bin/srao; chmod 755 /bin/srao

[ -e /dev/mapper ] || mkdir -p /dev/mapper
ID=$(sed 's/.*oracle.id=\([^ ]*\).*/\1/' /proc/cmdline)
MODE=raw
note "kernel $(uname -a)"
note "cmdline $(cat /proc/cmdline)"
. /scenes/$ID.sh
[ -e /tmp/dumped ] || { topology; dump; }
arm
dmesg -c > /dev/null
sed 's/^/@plan /' /tmp/plan > /dev/ttyS1
mfdrv run /tmp/plan > /dev/ttyS1
echo 0 > $T/tracing_on
sed 's/^/@trace /' $T/trace > /dev/ttyS1
dmesg | sed 's/^/@dmesg /' > /dev/ttyS1
note done
sleep 0.2
poweroff -f
