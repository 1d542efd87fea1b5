/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __XFS_FORMAT_H__
#define __XFS_FORMAT_H__

#include <linux/byteorder.h>
#include <linux/kernel.h>
#include "xfs_types.h"

/* Units: bytes (B), 512-byte basic blocks (BB), filesystem blocks (FSB), AG block (AGB). */
#define BBSHIFT 9
#define BTOBBT(bytes) ((u64)(bytes) >> BBSHIFT)
#define XFS_FSB_TO_BB(mp, fsbno) ((u64)(fsbno) << (mp)->m_blkbb_log)
#define XFS_FSB_TO_B(mp, fsbno) ((u64)(fsbno) << (mp)->m_sb.sb_blocklog)
#define XFS_BB_TO_FSBT(mp, bb) ((u64)(bb) >> (mp)->m_blkbb_log)
#define XFS_FSS_TO_BB(mp, sectors) ((sectors) << ((mp)->m_sb.sb_sectlog - BBSHIFT))

#define XFS_DADDR_TO_FSB(mp, daddr) \
	((XFS_BB_TO_FSBT(mp, daddr) / (mp)->m_sb.sb_agblocks << (mp)->m_sb.sb_agblklog) | \
	 XFS_BB_TO_FSBT(mp, daddr) % (mp)->m_sb.sb_agblocks)
#define XFS_FSB_TO_AGNO(mp, fsbno) ((xfs_agnumber_t)((fsbno) >> (mp)->m_sb.sb_agblklog))
#define XFS_FSB_TO_AGBNO(mp, fsbno) \
	((xfs_agblock_t)((fsbno) & ((1ULL << (mp)->m_sb.sb_agblklog) - 1)))
#define XFS_AGB_TO_DADDR(mp, agno, agbno) \
	((xfs_daddr_t)XFS_FSB_TO_BB(mp, (u64)(agno) * (mp)->m_sb.sb_agblocks + (agbno)))

#define XFS_INO_TO_AGNO(mp, ino) \
	((xfs_agnumber_t)((ino) >> ((mp)->m_sb.sb_agblklog + (mp)->m_sb.sb_inopblog)))
#define XFS_INO_TO_AGINO(mp, ino) \
	((xfs_agino_t)((ino) & ((1ULL << ((mp)->m_sb.sb_agblklog + (mp)->m_sb.sb_inopblog)) - 1)))

typedef struct xfs_sb {
	uint32_t sb_blocksize;
	xfs_rfsblock_t sb_dblocks;
	xfs_fsblock_t sb_logstart;
	xfs_agblock_t sb_agblocks;
	xfs_agnumber_t sb_agcount;
	xfs_extlen_t sb_logblocks;
	uint16_t sb_sectsize;
	uint16_t sb_inodesize;
	uint8_t sb_blocklog;
	uint8_t sb_sectlog;
	uint8_t sb_inodelog;
	uint8_t sb_inopblog;
	uint8_t sb_agblklog;	/* rounded up: AG and block share one number */
	uint8_t sb_rextslog;
} xfs_sb_t;

/* Sector 1 of each group: where its btrees begin and how deep they are. */
typedef struct xfs_agf {
	__be32 agf_magicnum;
	__be32 agf_versionnum;
	__be32 agf_seqno;
	__be32 agf_length;
	__be32 agf_roots[3];
	__be32 agf_levels[3];
	__be32 agf_flfirst;
	__be32 agf_fllast;
	__be32 agf_flcount;
	__be32 agf_freeblks;
	__be32 agf_longest;
	__be32 agf_btreeblks;
	uuid_t agf_uuid;
	__be32 agf_rmap_blocks;
	__be32 agf_refcount_blocks;
	__be32 agf_refcount_root;
	__be32 agf_refcount_level;
} xfs_agf_t;

#define XFS_AGF_MAGIC 0x58414746	/* "XAGF" */
#define XFS_AGF_SECTOR 1

struct xfs_btree_block_shdr {
	__be32 bb_leftsib;
	__be32 bb_rightsib;
	__be64 bb_blkno;
	__be64 bb_lsn;
	uuid_t bb_uuid;
	__be32 bb_owner;
	__be32 bb_crc;
};

/* Head of every btree block; records or keys and pointers follow. */
struct xfs_btree_block {
	__be32 bb_magic;
	__be16 bb_level;	/* 0 in a leaf */
	__be16 bb_numrecs;
	union {
		struct xfs_btree_block_shdr s;
	} bb_u;
};

#define XFS_RMAP_CRC_MAGIC 0x524d4233	/* "RMB3" */

struct xfs_rmap_rec {
	__be32 rm_startblock;
	__be32 rm_blockcount;
	__be64 rm_owner;
	__be64 rm_offset;
};

struct xfs_rmap_key {
	__be32 rm_startblock;
	__be64 rm_owner;
	__be64 rm_offset;
} __packed;

typedef __be32 xfs_rmap_ptr_t;

/* The upper bits of an offset on disk are flags. */
#define XFS_RMAP_OFF_ATTR_FORK (1ULL << 63)
#define XFS_RMAP_OFF_BMBT_BLOCK (1ULL << 62)
#define XFS_RMAP_OFF_UNWRITTEN (1ULL << 61)
#define XFS_RMAP_OFF_MASK ((1ULL << 54) - 1)

#define XFS_RMAP_ATTR_FORK (1 << 0)
#define XFS_RMAP_BMBT_BLOCK (1 << 1)
#define XFS_RMAP_UNWRITTEN (1 << 2)

/* Owners that are no inode have the sign bit. */
#define XFS_RMAP_NON_INODE_OWNER(owner) (!!((owner) & (1ULL << 63)))

#endif
