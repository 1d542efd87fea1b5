// SPDX-License-Identifier: GPL-2.0
/*
 * XFS as the holder of a DAX device: bytes of the device become blocks of an
 * allocation group, blocks become owners, owners become pages of files.
 */
#include <linux/dax.h>
#include <linux/mm.h>

#include "xfs_mount.h"
#include "xfs_inode.h"
#include "xfs_rmap.h"

/* What the walk over the reverse map carries along. */
struct xfs_failure_info {
	xfs_agblock_t startblock;
	xfs_extlen_t blockcount;
	int mf_flags;
	bool want_shutdown;
};

/* Page of the file at which the failed part of this record begins. */
static pgoff_t xfs_failure_pgoff(struct xfs_mount *mp, const struct xfs_rmap_irec *rec,
				 const struct xfs_failure_info *notify)
{
	loff_t pos = XFS_FSB_TO_B(mp, rec->rm_offset);

	if (notify->startblock > rec->rm_startblock)
		pos += XFS_FSB_TO_B(mp, notify->startblock - rec->rm_startblock);
	return pos >> PAGE_SHIFT;
}

/* Number of pages that the record and the failure have in common. */
static unsigned long xfs_failure_pgcnt(struct xfs_mount *mp, const struct xfs_rmap_irec *rec,
				       const struct xfs_failure_info *notify)
{
	xfs_agblock_t start = max(rec->rm_startblock, notify->startblock);
	xfs_agblock_t end = min(rec->rm_startblock + rec->rm_blockcount,
				notify->startblock + notify->blockcount);

	return XFS_FSB_TO_B(mp, end - start) >> PAGE_SHIFT;
}

static int xfs_dax_failure_fn(struct xfs_btree_cur *cur, const struct xfs_rmap_irec *rec,
			      void *data)
{
	struct xfs_mount *mp = cur->bc_mp;
	struct xfs_failure_info *notify = data;
	struct xfs_inode *ip;
	int error;

	/* Lost metadata; the walk goes on, because data after it has owners too. */
	if (XFS_RMAP_NON_INODE_OWNER(rec->rm_owner) ||
	    (rec->rm_flags & (XFS_RMAP_ATTR_FORK | XFS_RMAP_BMBT_BLOCK))) {
		notify->want_shutdown = true;
		return 0;
	}

	error = xfs_iget(mp, cur->bc_tp, rec->rm_owner, XFS_IGET_INCORE, 0, &ip);
	/* Not in memory: nobody can have it mapped. */
	if (error == -ENODATA)
		return 0;
	if (error) {
		notify->want_shutdown = true;
		return 0;
	}

	error = mf_dax_kill_procs(VFS_I(ip)->i_mapping, xfs_failure_pgoff(mp, rec, notify),
				  xfs_failure_pgcnt(mp, rec, notify), notify->mf_flags);
	xfs_irele(ip);
	return error;
}

/* Asks the reverse map of one allocation group who owns the failed blocks. */
static int xfs_dax_notify_ag(struct xfs_trans *tp, struct xfs_perag *pag,
			     struct xfs_failure_info *notify)
{
	struct xfs_mount *mp = pag->pag_mount;
	struct xfs_rmap_irec low = {
		.rm_startblock = notify->startblock,
	};
	struct xfs_rmap_irec high = {
		.rm_startblock = notify->startblock + notify->blockcount - 1,
		.rm_owner = ~0ULL,
		.rm_offset = ~0ULL,
		.rm_flags = ~0U,
	};
	struct xfs_btree_cur *cur;
	struct xfs_buf *agf_bp;
	int error;

	error = xfs_alloc_read_agf(pag, tp, 0, &agf_bp);
	if (error)
		return error;
	cur = xfs_rmapbt_init_cursor(mp, tp, agf_bp, pag);
	error = xfs_rmap_query_range(cur, &low, &high, xfs_dax_failure_fn, notify);
	xfs_btree_del_cursor(cur, error);
	xfs_trans_brelse(tp, agf_bp);
	return error;
}

/* daddr and bblen count 512-byte basic blocks. A failure may reach over several groups. */
static int xfs_dax_notify_ddev_failure(struct xfs_mount *mp, xfs_daddr_t daddr, xfs_daddr_t bblen,
				       int mf_flags)
{
	struct xfs_failure_info notify = { .mf_flags = mf_flags };
	xfs_fsblock_t fsbno = XFS_DADDR_TO_FSB(mp, daddr);
	xfs_fsblock_t end_fsbno = XFS_DADDR_TO_FSB(mp, daddr + bblen - 1);
	xfs_agnumber_t agno = XFS_FSB_TO_AGNO(mp, fsbno);
	xfs_agnumber_t end_agno = XFS_FSB_TO_AGNO(mp, end_fsbno);
	xfs_agblock_t agbno = XFS_FSB_TO_AGBNO(mp, fsbno);
	struct xfs_trans *tp;
	int error;

	error = xfs_trans_alloc_empty(mp, &tp);
	if (error)
		return error;

	for (; agno <= end_agno; agno++) {
		struct xfs_perag *pag = xfs_perag_get(mp, agno);
		xfs_agblock_t last = pag->block_count - 1;

		if (agno == end_agno)
			last = min(last, XFS_FSB_TO_AGBNO(mp, end_fsbno));
		notify.startblock = agbno;
		notify.blockcount = last - agbno + 1;
		error = xfs_dax_notify_ag(tp, pag, &notify);
		xfs_perag_put(pag);
		if (error)
			break;
		agbno = 0;
	}
	xfs_trans_cancel(tp);

	if (error || notify.want_shutdown) {
		xfs_force_shutdown(mp, SHUTDOWN_CORRUPT_ONDISK);
		if (!error)
			error = -EFSCORRUPTED;
	}
	return error;
}

/* Bytes of the device come in; they are cut to the part that the filesystem uses. */
static int xfs_dax_notify_failure(struct dax_device *dax_dev, u64 offset, u64 len, int mf_flags)
{
	struct xfs_mount *mp = dax_holder(dax_dev);
	u64 ddev_start, ddev_end;

	if (!(mp->m_super->s_flags & SB_BORN)) {
		xfs_warn(mp, "filesystem is not ready for notify_failure()!");
		return -EIO;
	}

	if (mp->m_rtdev_targp && mp->m_rtdev_targp->bt_daxdev == dax_dev) {
		xfs_debug(mp, "notify_failure() not supported on realtime device!");
		return -EOPNOTSUPP;
	}

	if (mp->m_logdev_targp && mp->m_logdev_targp != mp->m_ddev_targp &&
	    mp->m_logdev_targp->bt_daxdev == dax_dev) {
		xfs_alert(mp, "ondisk log corrupt, shutting down fs!");
		xfs_force_shutdown(mp, SHUTDOWN_CORRUPT_ONDISK);
		return -EFSCORRUPTED;
	}

	/* Without the reverse map nobody can say who owns a block. */
	if (!xfs_has_rmapbt(mp)) {
		xfs_debug(mp, "notify_failure() needs rmapbt enabled!");
		return -EOPNOTSUPP;
	}

	ddev_start = mp->m_ddev_targp->bt_dax_part_off;
	ddev_end = ddev_start + bdev_nr_bytes(mp->m_ddev_targp->bt_bdev) - 1;

	if (offset > ddev_end)
		return -ENXIO;
	/* "Everything" is as long as the device. */
	if (len > ddev_end - offset + 1)
		len = ddev_end - offset + 1;
	if (offset + len - 1 < ddev_start)
		return -ENXIO;
	if (offset < ddev_start) {
		len -= ddev_start - offset;
		offset = ddev_start;
	}

	return xfs_dax_notify_ddev_failure(mp, BTOBBT(offset - ddev_start), BTOBBT(len), mf_flags);
}

const struct dax_holder_operations xfs_dax_holder_operations = {
	.notify_failure = xfs_dax_notify_failure,
};
