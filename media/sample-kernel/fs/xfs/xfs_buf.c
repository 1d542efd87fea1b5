// SPDX-License-Identifier: GPL-2.0
/* Claiming the devices of a filesystem. */
#include "xfs_mount.h"

struct xfs_buftarg *xfs_alloc_buftarg(struct xfs_mount *mp, struct block_device *bdev)
{
	const struct dax_holder_operations *ops = NULL;
	struct xfs_buftarg *btp = kzalloc(sizeof(*btp), GFP_KERNEL);

	if (!btp)
		return NULL;
#ifdef CONFIG_FS_DAX
	ops = &xfs_dax_holder_operations;
#endif
	btp->bt_mount = mp;
	btp->bt_dev = bdev->bd_dev;
	btp->bt_bdev = bdev;
	btp->bt_daxdev = fs_dax_get_by_bdev(bdev, &btp->bt_dax_part_off, mp, ops);
	return btp;
}

void xfs_free_buftarg(struct xfs_buftarg *btp)
{
	fs_put_dax(btp->bt_daxdev, btp->bt_mount);
	kfree(btp);
}
