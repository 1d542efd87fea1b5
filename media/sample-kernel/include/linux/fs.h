/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_FS_H
#define _LINUX_FS_H

#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/pfn.h>
#include <linux/xarray.h>

struct address_space;
struct page;
struct super_block;

struct address_space_operations {
	int (*error_remove_page)(struct address_space *mapping, struct page *page);
};

/* The pages of a file and everybody who maps them. */
struct address_space {
	struct inode *host;
	struct xarray i_pages;
	gfp_t gfp_mask;
	const struct address_space_operations *a_ops;
	struct rb_root_cached i_mmap;
	struct rw_semaphore i_mmap_rwsem;
	unsigned long nrpages;
	unsigned long flags;
};

#define S_DAX (1 << 13)		/* mapped straight to the device */
#define IS_DAX(inode) ((inode)->i_flags & S_DAX)

struct inode {
	umode_t i_mode;
	unsigned int i_flags;
	struct super_block *i_sb;
	struct address_space *i_mapping;
	unsigned long i_ino;
	loff_t i_size;
	u8 i_blkbits;
	unsigned long i_state;
	atomic_t i_count;
	struct list_head i_sb_list;	/* in s_inodes */
	struct address_space i_data;
};

#define S_IFMT 00170000
#define S_IFCHR 0020000
#define S_ISCHR(mode) (((mode) & S_IFMT) == S_IFCHR)

struct file {
	struct inode *f_inode;
	struct address_space *f_mapping;
};

#define SB_BORN (1 << 29)		/* mounted far enough to answer */

struct super_block {
	dev_t s_dev;
	unsigned char s_blocksize_bits;
	unsigned long s_blocksize;
	unsigned long s_magic;
	unsigned long s_flags;
	int s_count;
	atomic_t s_active;
	struct list_head s_inodes;
	void *s_fs_info;
	struct block_device *s_bdev;
	char s_id[32];
};

void iput(struct inode *inode);

static inline void i_mmap_lock_read(struct address_space *mapping)
{
	down_read(&mapping->i_mmap_rwsem);
}

static inline void i_mmap_unlock_read(struct address_space *mapping)
{
	up_read(&mapping->i_mmap_rwsem);
}

static inline bool dax_mapping(struct address_space *mapping)
{
	return mapping->host && IS_DAX(mapping->host);
}

#endif
