// SPDX-License-Identifier: GPL-2.0
/* References on inodes. */
#include <linux/fs.h>

/* The last reference would free the inode; in this tree every inode stays in memory. */
void iput(struct inode *inode)
{
	if (inode)
		inode->i_count.counter--;
}
EXPORT_SYMBOL(iput);
