// SPDX-License-Identifier: GPL-2.0
/* Stopping a filesystem that can no longer be trusted. */
#include "xfs_mount.h"

void xfs_do_force_shutdown(struct xfs_mount *mp, uint32_t flags, char *fname, int lnnum)
{
	const char *why = "Metadata I/O Error";

	if (test_and_set_bit(XFS_OPSTATE_SHUTDOWN, &mp->m_opstate))
		return;

	if (xlog_force_shutdown(mp->m_log, flags))
		why = "Log I/O Error";
	else if (flags & SHUTDOWN_FORCE_UMOUNT)
		why = "User initiated shutdown received";
	else if (flags & SHUTDOWN_CORRUPT_INCORE)
		why = "Corruption of in-memory data";
	else if (flags & SHUTDOWN_CORRUPT_ONDISK)
		why = "Corruption of on-disk metadata";

	xfs_alert(mp, "%s (0x%x) detected at %s:%d.  Shutting down filesystem.",
		  why, flags, fname, lnnum);
	xfs_alert(mp, "Please unmount the filesystem and rectify the problem(s)");
}
