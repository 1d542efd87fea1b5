/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __XFS_RMAP_H__
#define __XFS_RMAP_H__

#include "xfs_ag.h"

/* Walks the reverse map of one allocation group. */
struct xfs_btree_cur {
	struct xfs_trans *bc_tp;
	struct xfs_mount *bc_mp;
	struct {
		struct xfs_perag *pag;
		struct xfs_buf *agbp;
	} bc_ag;
	xfs_btnum_t bc_btnum;
};

/* Returns 0 to go on; anything else ends the walk and becomes its result. */
typedef int (*xfs_rmap_query_range_fn)(struct xfs_btree_cur *cur,
				       const struct xfs_rmap_irec *rec, void *priv);

struct xfs_btree_cur *xfs_rmapbt_init_cursor(struct xfs_mount *mp, struct xfs_trans *tp,
					     struct xfs_buf *agbp, struct xfs_perag *pag);
void xfs_btree_del_cursor(struct xfs_btree_cur *cur, int error);
int xfs_rmap_query_range(struct xfs_btree_cur *cur, const struct xfs_rmap_irec *low_rec,
			 const struct xfs_rmap_irec *high_rec,
			 xfs_rmap_query_range_fn fn, void *priv);

#endif
