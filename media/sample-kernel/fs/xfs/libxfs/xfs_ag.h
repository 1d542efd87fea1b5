/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __LIBXFS_AG_H
#define __LIBXFS_AG_H

#include "xfs_mount.h"

/* One allocation group in memory. */
typedef struct xfs_perag {
	struct xfs_mount *pag_mount;
	xfs_agnumber_t pag_agno;
	atomic_t pag_ref;
	spinlock_t pag_ici_lock;
	struct radix_tree_root pag_ici_root;	/* inodes in memory, by number in the group */
	xfs_agblock_t block_count;
} xfs_perag_t;

struct xfs_perag *xfs_perag_get(struct xfs_mount *mp, xfs_agnumber_t agno);
void xfs_perag_put(struct xfs_perag *pag);
int xfs_alloc_read_agf(struct xfs_perag *pag, struct xfs_trans *tp, int flags,
		       struct xfs_buf **agfbpp);

#endif
