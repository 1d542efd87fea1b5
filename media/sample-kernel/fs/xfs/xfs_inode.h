/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __XFS_INODE_H__
#define __XFS_INODE_H__

#include "xfs_mount.h"

typedef struct xfs_inode {
	struct xfs_mount *i_mount;
	xfs_ino_t i_ino;
	spinlock_t i_flags_lock;
	unsigned long i_flags;
	uint16_t i_diflags;
	uint64_t i_diflags2;
	struct inode i_vnode;
} xfs_inode_t;

static inline struct inode *VFS_I(struct xfs_inode *ip)
{
	return &ip->i_vnode;
}

/* Only an inode that is in memory; do not read it from disk. */
#define XFS_IGET_INCORE (1 << 3)

int xfs_iget(struct xfs_mount *mp, struct xfs_trans *tp, xfs_ino_t ino, uint flags,
	     uint lock_flags, struct xfs_inode **ipp);
void xfs_irele(struct xfs_inode *ip);

#endif
