/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __XFS_TYPES_H__
#define __XFS_TYPES_H__

#include <linux/types.h>

typedef uint32_t xfs_agblock_t;	/* block inside an allocation group */
typedef uint32_t xfs_agino_t;	/* inode number inside an allocation group */
typedef uint32_t xfs_agnumber_t;
typedef uint32_t xfs_extlen_t;	/* extent length in blocks */
typedef uint64_t xfs_rfsblock_t;	/* block counted from the start of the filesystem */
typedef uint64_t xfs_fsblock_t;	/* allocation group and block in it */
typedef unsigned long long xfs_ino_t;
typedef s64 xfs_daddr_t;	/* 512-byte basic block of the disk */
typedef u32 xfs_buf_flags_t;

/* What one extent of the device is used for. */
struct xfs_rmap_irec {
	xfs_agblock_t rm_startblock;
	xfs_extlen_t rm_blockcount;
	uint64_t rm_owner;	/* inode number, or one of XFS_RMAP_OWN_* */
	uint64_t rm_offset;	/* block inside the owner */
	unsigned int rm_flags;
};

typedef enum {
	XFS_BTNUM_BNOi,
	XFS_BTNUM_CNTi,
	XFS_BTNUM_RMAPi,
} xfs_btnum_t;

#endif
