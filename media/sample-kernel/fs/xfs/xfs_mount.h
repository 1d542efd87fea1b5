/* SPDX-License-Identifier: GPL-2.0 */
#ifndef __XFS_MOUNT_H__
#define __XFS_MOUNT_H__

#include <linux/atomic.h>
#include <linux/blkdev.h>
#include <linux/dax.h>
#include <linux/fs.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include "xfs_format.h"

#define EFSCORRUPTED EUCLEAN

struct xfs_mount;

/* The log; what is in it does not matter here. */
struct xlog {
	struct xfs_mount *l_mp;
};

/* Groups the blocks that one operation holds. */
struct xfs_trans {
	struct xfs_mount *t_mountp;
	struct list_head t_items;
};

/* One device of a filesystem: data, log or realtime. */
typedef struct xfs_buftarg {
	dev_t bt_dev;
	struct block_device *bt_bdev;
	struct dax_device *bt_daxdev;
	u64 bt_dax_part_off;		/* byte of the dax_device at which bt_bdev begins */
	struct xfs_mount *bt_mount;
} xfs_buftarg_t;

struct xfs_buf_map {
	xfs_daddr_t bm_bn;
	int bm_len;
};

struct xfs_buf_ops {
	char *name;
};

struct xfs_buf {
	xfs_daddr_t b_rhash_key;
	int b_length;
	atomic_t b_hold;
	unsigned int b_flags;
	struct {
		int count;
	} b_sema;
	void *b_log_item;
	struct xfs_trans *b_transp;
	struct xfs_mount *b_mount;
	xfs_buftarg_t *b_target;
	void *b_addr;
	struct xfs_buf_map *b_maps;
	struct xfs_buf_map __b_map;
	int b_map_count;
	int b_error;
	const struct xfs_buf_ops *b_ops;
};

typedef struct xfs_mount {
	struct xfs_sb m_sb;
	struct super_block *m_super;
	struct xfs_buftarg *m_ddev_targp;
	struct xfs_buftarg *m_logdev_targp;
	struct xfs_buftarg *m_rtdev_targp;
	struct xlog *m_log;
	uint8_t m_blkbb_log;
	uint8_t m_agno_log;
	uint8_t m_sectbb_log;
	uint m_rmap_mxr[2];		/* records in a leaf, keys in a node */
	uint m_rmap_maxlevels;
	u64 m_features;
	unsigned long m_opstate;
	struct radix_tree_root m_perag_tree;
	spinlock_t m_perag_lock;
} xfs_mount_t;

#define XFS_FEAT_REFLINK (1ULL << 5)
#define XFS_FEAT_RMAPBT (1ULL << 6)
#define XFS_FEAT_DAX_ALWAYS (1ULL << 26)
#define XFS_FEAT_DAX_NEVER (1ULL << 27)

/* xfs_has_rmapbt() and its like are made here. */
#define __XFS_HAS_FEAT(name, NAME)					\
static inline bool xfs_has_##name(struct xfs_mount *mp)		\
{									\
	return mp->m_features & XFS_FEAT_##NAME;			\
}
__XFS_HAS_FEAT(reflink, REFLINK)
__XFS_HAS_FEAT(rmapbt, RMAPBT)

#define XFS_OPSTATE_SHUTDOWN 2

static inline bool xfs_is_shutdown(struct xfs_mount *mp)
{
	return test_bit(XFS_OPSTATE_SHUTDOWN, &mp->m_opstate);
}

#define SHUTDOWN_META_IO_ERROR (1u << 0)
#define SHUTDOWN_LOG_IO_ERROR (1u << 1)
#define SHUTDOWN_FORCE_UMOUNT (1u << 2)
#define SHUTDOWN_CORRUPT_INCORE (1u << 3)
#define SHUTDOWN_CORRUPT_ONDISK (1u << 4)

void xfs_do_force_shutdown(struct xfs_mount *mp, uint32_t flags, char *fname, int lnnum);
bool xlog_force_shutdown(struct xlog *log, uint32_t shutdown_flags);
#define xfs_force_shutdown(m, f) xfs_do_force_shutdown(m, f, __FILE__, __LINE__)

#define xfs_alert(mp, fmt, ...) \
	printk(KERN_ALERT "XFS (%s): " fmt "\n", (mp)->m_super->s_id, ##__VA_ARGS__)
#define xfs_warn(mp, fmt, ...) \
	printk(KERN_WARNING "XFS (%s): " fmt "\n", (mp)->m_super->s_id, ##__VA_ARGS__)
#define xfs_debug(mp, fmt, ...) do { } while (0)

int xfs_trans_alloc_empty(struct xfs_mount *mp, struct xfs_trans **tpp);
void xfs_trans_cancel(struct xfs_trans *tp);
int xfs_trans_read_buf_map(struct xfs_mount *mp, struct xfs_trans *tp, struct xfs_buftarg *target,
			   struct xfs_buf_map *map, int nmaps, xfs_buf_flags_t flags,
			   struct xfs_buf **bpp, const struct xfs_buf_ops *ops);
void xfs_trans_brelse(struct xfs_trans *tp, struct xfs_buf *bp);

struct xfs_buftarg *xfs_alloc_buftarg(struct xfs_mount *mp, struct block_device *bdev);
void xfs_free_buftarg(struct xfs_buftarg *btp);

extern const struct dax_holder_operations xfs_dax_holder_operations;

#endif
