# No filesystem: the block device has no holder. Twice, and the other device.
plan <<P
inject debugfs dev=pmem0 off=0
inject debugfs dev=pmem0 off=0
inject debugfs dev=pmem1 off=8192
P
