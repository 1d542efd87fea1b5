// SPDX-License-Identifier: GPL-2.0
/* Allocation groups: independent parts of the device with btrees of their own. */
#include "xfs_mount.h"
#include "xfs_ag.h"

struct xfs_perag *xfs_perag_get(struct xfs_mount *mp, xfs_agnumber_t agno)
{
	struct xfs_perag *pag;

	rcu_read_lock();
	pag = radix_tree_lookup(&mp->m_perag_tree, agno);
	if (pag)
		atomic_inc(&pag->pag_ref);
	rcu_read_unlock();
	return pag;
}

void xfs_perag_put(struct xfs_perag *pag)
{
	pag->pag_ref.counter--;
}

const struct xfs_buf_ops xfs_agf_buf_ops = {
	.name = "xfs_agf",
};

/* Reads the sector that says where the btrees of the group are. */
int xfs_alloc_read_agf(struct xfs_perag *pag, struct xfs_trans *tp, int flags,
		       struct xfs_buf **agfbpp)
{
	struct xfs_mount *mp = pag->pag_mount;
	struct xfs_buf_map map = {
		.bm_bn = XFS_AGB_TO_DADDR(mp, pag->pag_agno, 0) + XFS_FSS_TO_BB(mp, XFS_AGF_SECTOR),
		.bm_len = XFS_FSS_TO_BB(mp, 1),
	};
	struct xfs_agf *agf;
	int error;

	error = xfs_trans_read_buf_map(mp, tp, mp->m_ddev_targp, &map, 1, flags, agfbpp,
				       &xfs_agf_buf_ops);
	if (error)
		return error;

	agf = (*agfbpp)->b_addr;
	if (be32_to_cpu(agf->agf_magicnum) != XFS_AGF_MAGIC) {
		xfs_trans_brelse(tp, *agfbpp);
		return -EFSCORRUPTED;
	}
	return 0;
}
