// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Directories of volumes. Positions in them are the host's own, which are stable as its file system
// makes them.
#include <fs/volfs.h>
#include <fs/abi.h>
#include <mm/mm.h>

#pragma weak volfs_link
#pragma weak volfs_unlink
#pragma weak volfs_rename
#pragma weak volfs_statfs

#define READDIR_MAX 65536ul

static int dir_lookup(struct vnode *dir, const char *name, size_t len, struct vnode **out)
{
	struct volume_request *r = volfs_begin(VOLUME_LOOKUP, to_vol(dir));
	int err;

	volfs_name(r, name, len);
	err = (int)volfs_call();
	return err ? err : volfs_node(r->found, &r->attr, to_vol(dir), out);
}

static int dir_create(struct vnode *dir, const char *name, size_t len, uint32_t mode, uint64_t rdev,
		      const char *target, struct vnode **out)
{
	const struct vol_buffer *b = target ? volfs_buffer() : NULL;
	struct volume_request *r;
	int err;

	if (target && !b)
		return -ENOMEM;
	r = volfs_begin(VOLUME_CREATE, to_vol(dir));
	r->mode = mode;
	volfs_name(r, name, len);
	if (target) {
		r->len = strlen(target);
		r->data = page_pa(b->at);
		memcpy(b->at, target, MIN(r->len, (size_t)PATH_MAX));
	}
	err = (int)volfs_call();
	if (!err)
		err = volfs_node(r->found, &r->attr, to_vol(dir), out);
	if (!err && S_ISREG(mode))
		to_vol(*out)->opened = to_vol(*out)->writable = true;
	return err;
}

// Entries as the host gave them, into the sink. 1: the sink is full.
static int emit(struct vnode *dir, const uint8_t *at, size_t len, uint64_t *off,
		struct dir_sink *sink)
{
	bool top = dir->parent && dir->parent->mounted == dir;

	for (const uint8_t *end = at + len; at < end;) {
		const struct volume_dirent *d = (const void *)at;
		uint64_t ino = d->ino;

		at += d->len;
		if (top && !strcmp(d->name, "..")) { // what is above the volume is the guest's
			struct vnode *parent = vnode_parent(dir);
			struct kstat st;

			ino = vnode_stat(parent, &st) ? ino : st.ino;
			vnode_put(parent);
		}
		if (!sink->emit(sink, d->name, strlen(d->name), ino, d->type, d->off))
			return 1;
		*off = d->off;
	}
	return 0;
}

static int dir_readdir(struct vnode *dir, uint64_t *off, struct dir_sink *sink)
{
	const struct vol_buffer *b = volfs_buffer();
	int err = b ? volfs_open(to_vol(dir), false) : -ENOMEM;

	// Where it is known how much can be taken, the host is asked once, for that.
	while (!err) {
		struct volume_request *r = volfs_begin(VOLUME_READDIR, to_vol(dir));
		int64_t n;

		r->off = *off;
		r->data = page_pa(b->at);
		r->len = MIN(b->len, sink->room ? MIN(sink->room, READDIR_MAX) : READDIR_MAX);
		n = volfs_call();
		if (n <= 0)
			return (int)n;
		err = emit(dir, b->at, (size_t)n, off, sink) || sink->room;
	}
	return MIN(err, 0);
}

const struct vnode_ops volfs_dir_ops = {
	.lookup = dir_lookup,
	.create = dir_create,
	.link = volfs_link,
	.unlink = volfs_unlink,
	.rename = volfs_rename,
	.readdir = dir_readdir,
	.getattr = volfs_getattr,
	.setattr = volfs_setattr,
	.statfs = volfs_statfs,
	.open = volfs_vnode_open,
	.release = volfs_release,
};
