// SPDX-License-Identifier: GPL-2.0
/*
 * The reverse map: which owner uses which blocks of the device. On disk it is
 * a btree per allocation group whose records may overlap when files share
 * blocks; each key of an inner block therefore comes with the end of everything
 * below it, so that a search leaves out no subtree that reaches into its range.
 */
#include "xfs_mount.h"
#include "xfs_rmap.h"

/* Both keys of an entry of an inner block. */
struct rmap_key_pair {
	struct xfs_rmap_key low;
	struct xfs_rmap_key high;
} __packed;

static const struct xfs_buf_ops xfs_rmapbt_buf_ops = {
	.name = "xfs_rmapbt",
};

struct xfs_btree_cur *xfs_rmapbt_init_cursor(struct xfs_mount *mp, struct xfs_trans *tp,
					     struct xfs_buf *agbp, struct xfs_perag *pag)
{
	struct xfs_btree_cur *cur = kzalloc(sizeof(*cur), GFP_KERNEL);

	cur->bc_mp = mp;
	cur->bc_tp = tp;
	cur->bc_btnum = XFS_BTNUM_RMAPi;
	cur->bc_ag.agbp = agbp;
	atomic_inc(&pag->pag_ref);
	cur->bc_ag.pag = pag;
	return cur;
}

void xfs_btree_del_cursor(struct xfs_btree_cur *cur, int error)
{
	xfs_perag_put(cur->bc_ag.pag);
	kfree(cur);
}

/* From the form on disk to the one in memory. */
static void xfs_rmap_btrec_to_irec(const struct xfs_rmap_rec *rec, struct xfs_rmap_irec *irec)
{
	u64 offset = be64_to_cpu(rec->rm_offset);

	irec->rm_startblock = be32_to_cpu(rec->rm_startblock);
	irec->rm_blockcount = be32_to_cpu(rec->rm_blockcount);
	irec->rm_owner = be64_to_cpu(rec->rm_owner);
	irec->rm_offset = offset & XFS_RMAP_OFF_MASK;
	irec->rm_flags = 0;
	if (offset & XFS_RMAP_OFF_ATTR_FORK)
		irec->rm_flags |= XFS_RMAP_ATTR_FORK;
	if (offset & XFS_RMAP_OFF_BMBT_BLOCK)
		irec->rm_flags |= XFS_RMAP_BMBT_BLOCK;
	if (offset & XFS_RMAP_OFF_UNWRITTEN)
		irec->rm_flags |= XFS_RMAP_UNWRITTEN;
}

static int rmap_read_block(struct xfs_btree_cur *cur, xfs_agblock_t agbno, struct xfs_buf **bpp)
{
	struct xfs_mount *mp = cur->bc_mp;
	struct xfs_buf_map map = {
		.bm_bn = XFS_AGB_TO_DADDR(mp, cur->bc_ag.pag->pag_agno, agbno),
		.bm_len = XFS_FSB_TO_BB(mp, 1),
	};
	struct xfs_btree_block *block;
	int error;

	error = xfs_trans_read_buf_map(mp, cur->bc_tp, mp->m_ddev_targp, &map, 1, 0, bpp,
				       &xfs_rmapbt_buf_ops);
	if (error)
		return error;
	block = (*bpp)->b_addr;
	if (be32_to_cpu(block->bb_magic) != XFS_RMAP_CRC_MAGIC) {
		xfs_trans_brelse(cur->bc_tp, *bpp);
		return -EFSCORRUPTED;
	}
	return 0;
}

static int rmap_query_leaf(struct xfs_btree_cur *cur, struct xfs_btree_block *block,
			   xfs_agblock_t low, xfs_agblock_t high,
			   xfs_rmap_query_range_fn fn, void *priv)
{
	const struct xfs_rmap_rec *recs = (void *)(block + 1);
	int nr = be16_to_cpu(block->bb_numrecs);
	int i, error;

	for (i = 0; i < nr; i++) {
		struct xfs_rmap_irec irec;

		xfs_rmap_btrec_to_irec(&recs[i], &irec);
		if (irec.rm_startblock > high)
			break;
		if (irec.rm_startblock + irec.rm_blockcount <= low)
			continue;
		error = fn(cur, &irec, priv);
		if (error)
			return error;
	}
	return 0;
}

static int rmap_query_block(struct xfs_btree_cur *cur, xfs_agblock_t agbno,
			    xfs_agblock_t low, xfs_agblock_t high,
			    xfs_rmap_query_range_fn fn, void *priv)
{
	const struct rmap_key_pair *keys;
	struct xfs_btree_block *block;
	const xfs_rmap_ptr_t *ptrs;
	struct xfs_buf *bp;
	int i, nr, error;

	error = rmap_read_block(cur, agbno, &bp);
	if (error)
		return error;

	block = bp->b_addr;
	if (be16_to_cpu(block->bb_level) == 0) {
		error = rmap_query_leaf(cur, block, low, high, fn, priv);
		goto out;
	}

	/* Pointers stand behind the room for as many keys as fit. */
	keys = (void *)(block + 1);
	ptrs = (const void *)(keys + cur->bc_mp->m_rmap_mxr[1]);
	nr = be16_to_cpu(block->bb_numrecs);
	for (i = 0; i < nr && !error; i++) {
		if (be32_to_cpu(keys[i].low.rm_startblock) > high)
			break;
		if (be32_to_cpu(keys[i].high.rm_startblock) < low)
			continue;
		error = rmap_query_block(cur, be32_to_cpu(ptrs[i]), low, high, fn, priv);
	}
out:
	xfs_trans_brelse(cur->bc_tp, bp);
	return error;
}

/* Calls fn for each record that has a block between those of low_rec and high_rec, both included. */
int xfs_rmap_query_range(struct xfs_btree_cur *cur, const struct xfs_rmap_irec *low_rec,
			 const struct xfs_rmap_irec *high_rec,
			 xfs_rmap_query_range_fn fn, void *priv)
{
	struct xfs_agf *agf = cur->bc_ag.agbp->b_addr;

	return rmap_query_block(cur, be32_to_cpu(agf->agf_roots[XFS_BTNUM_RMAPi]),
				low_rec->rm_startblock, high_rec->rm_startblock, fn, priv);
}
