// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What volumes do for the calls about room on a file system: fallocate, statfs, sync.
#include <fs/volfs.h>
#include <fs/abi.h>

#define PUNCH_HOLE 2 /* include/uapi/linux/falloc.h */

int volfs_allocate(struct vnode *v, unsigned mode, uint64_t off, uint64_t len)
{
	struct vol_node *n = to_vol(v);
	struct volume_request *r;
	int err = volfs_open(n, true);

	if (!err)
		err = volfs_write_back(v, 0, UINT64_MAX);
	if (err)
		return err;
	r = volfs_begin(VOLUME_ALLOCATE, n);
	r->mode = mode;
	r->off = off;
	r->len = len;
	err = (int)volfs_call();
	if (!err && (mode & PUNCH_HOLE))
		volfs_map_forget(n);
	return err;
}

int volfs_statfs(struct vnode *v, struct kstatfs *st)
{
	const struct volume_statfs *s = &volfs_begin(VOLUME_STATFS, to_vol(v))->statfs;
	int r = (int)volfs_call();

	if (r)
		return r;
	*st = (struct kstatfs){ .type = s->type, .bsize = s->bsize, .blocks = s->blocks,
				.bfree = s->bfree, .bavail = s->bavail, .files = s->files,
				.ffree = s->ffree, .namelen = s->namelen, .frsize = s->frsize,
				.flags = s->flags };
	return 0;
}

int volfs_sync(struct vnode *v)
{
	const char *path;
	bool readonly;
	int r = 0;

	if (v) {
		r = volfs_open(to_vol(v), false);
		return r ? r : volfs_call_later(volfs_begin(VOLUME_SYNCFS, to_vol(v)), 0);
	}
	for (unsigned i = 0; volfs_mounted(i, &path, &readonly); i++) {
		struct vol_node *n = volfs_known(i + 1);

		if (n && !readonly && !r)
			r = volfs_sync(&n->v);
	}
	return r;
}
