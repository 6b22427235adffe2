// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names on volumes that go, move or multiply. The host decides; what the guest knows follows.
#include <fs/volfs.h>
#include <fs/abi.h>

int volfs_link(struct vnode *dir, const char *name, size_t len, struct vnode *v)
{
	struct volume_request *r;

	if (!volfs_has(v) || to_vol(v)->volume != to_vol(dir)->volume)
		return -EXDEV;
	r = volfs_begin(VOLUME_LINK, to_vol(dir));
	volfs_name(r, name, len);
	r->other = to_vol(v)->nr;
	return (int)volfs_call();
}

int volfs_unlink(struct vnode *dir, const char *name, size_t len, bool directory)
{
	struct volume_request *r = volfs_begin(VOLUME_UNLINK, to_vol(dir));
	struct vol_node *gone;
	int err;

	volfs_name(r, name, len);
	r->flags = directory ? VOLUME_F_DIRECTORY : 0;
	err = (int)volfs_call();
	if (err)
		return err;
	gone = r->found ? volfs_known(r->found) : NULL;
	if (gone)
		gone->unlinked = true;
	if (directory)
		vnode_path_forget();
	return 0;
}

// A directory that has moved has another parent.
static void moved(uint32_t nr, struct vnode *parent)
{
	struct vol_node *n = nr ? volfs_known(nr) : NULL;
	struct vnode *old;

	if (!n || n->v.parent == parent)
		return;
	old = n->v.parent;
	n->v.parent = vnode_get(parent);
	vnode_put(old);
}

int volfs_rename(struct vnode *from, const char *fname, size_t flen, struct vnode *to,
		 const char *tname, size_t tlen, unsigned flags)
{
	struct volume_request *r;
	uint32_t found, found2;
	int err;

	if (to_vol(from)->volume != to_vol(to)->volume)
		return -EXDEV;
	r = volfs_begin(VOLUME_RENAME, to_vol(from));
	volfs_name(r, fname, flen);
	r->other = to_vol(to)->nr;
	r->name2_len = (uint16_t)tlen;
	memcpy(r->name2, tname, MIN(tlen, sizeof(r->name2)));
	r->flags = (flags & RENAME_NOREPLACE ? VOLUME_F_NOREPLACE : 0) |
		   (flags & RENAME_EXCHANGE ? VOLUME_F_EXCHANGE : 0);
	err = (int)volfs_call();
	if (err)
		return err;
	found = r->found;
	found2 = r->found2;
	moved(found, to);
	moved(found2, from);
	vnode_path_forget();
	return 0;
}
