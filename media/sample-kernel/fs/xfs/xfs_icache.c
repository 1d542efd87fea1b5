// SPDX-License-Identifier: GPL-2.0
/* Inodes that are in memory. */
#include "xfs_mount.h"
#include "xfs_inode.h"
#include "xfs_ag.h"

/* Takes a reference on an inode. -ENODATA when it would have to be read from disk. */
int xfs_iget(struct xfs_mount *mp, struct xfs_trans *tp, xfs_ino_t ino, uint flags,
	     uint lock_flags, struct xfs_inode **ipp)
{
	struct xfs_inode *ip;
	struct xfs_perag *pag;

	pag = xfs_perag_get(mp, XFS_INO_TO_AGNO(mp, ino));
	if (!pag)
		return -EINVAL;

	rcu_read_lock();
	ip = radix_tree_lookup(&pag->pag_ici_root, XFS_INO_TO_AGINO(mp, ino));
	if (ip)
		atomic_inc(&VFS_I(ip)->i_count);
	rcu_read_unlock();
	xfs_perag_put(pag);

	if (!ip)
		return -ENODATA;
	*ipp = ip;
	return 0;
}

void xfs_irele(struct xfs_inode *ip)
{
	iput(VFS_I(ip));
}
