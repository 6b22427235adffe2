// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Vnodes: references, permissions, mounts.
#include <fs/vnode.h>
#include <fs/abi.h>
#include <fs/notify.h>
#include <linux/process.h>
#include <mm/mm.h>

bool fs_watched;

void vnode_init(struct vnode *v, const struct vnode_ops *ops, uint32_t mode)
{
	memset(v, 0, sizeof(*v));
	v->ops = ops;
	v->refs = 1;
	v->mode = mode;
}

struct vnode *vnode_get(struct vnode *v)
{
	v->refs++;
	return v;
}

// A loop over parents, not recursion: paths may be deep and stacks are not.
void vnode_put(struct vnode *v)
{
	while (v && !--v->refs) {
		struct vnode *parent = v->parent;

		kfree(v->path);
		v->path = NULL;
		if (v->ops->release)
			v->ops->release(v);
		v = parent;
	}
}

void vnode_mapped_as(struct vnode *v, const char *path)
{
	size_t len = strlen(path) + 1;

	if (v->path)
		return;
	v->path = kmalloc(len);
	if (v->path)
		memcpy(v->path, path, len);
}

int vnode_stat(struct vnode *v, struct kstat *st)
{
	memset(st, 0, sizeof(*st));
	st->blksize = PAGE_SIZE;
	st->nlink = 1;
	st->mode = v->mode;
	return v->ops->getattr ? v->ops->getattr(v, st) : 0;
}

int vnode_access(struct vnode *v, unsigned want, bool real_ids)
{
	struct process *p = current_process();
	uint32_t uid = real_ids ? p->uid : p->euid, gid = real_ids ? p->gid : p->egid;
	unsigned shift = 0;
	struct kstat st;
	int r;

	if (!uid) // root may everything, but run only what is executable
		return (want & 1) && S_ISREG(v->mode) && !(v->mode & 0111) ? -EACCES : 0;
	r = vnode_stat(v, &st);
	if (r)
		return r;
	if (st.uid == uid)
		shift = 6;
	else if (st.gid == gid || process_in_group(p, st.gid))
		shift = 3;
	return want & ~(v->mode >> shift) & 7 ? -EACCES : 0;
}

int64_t fs_now(void)
{
	return (int64_t)time_now() + time_wall_offset();
}

void vnode_mount(struct vnode *over, struct vnode *root)
{
	over->mounted = root;
	root->parent = over;
}

struct vnode *vnode_parent(struct vnode *dir)
{
	if (dir->parent && dir->parent->mounted == dir)
		dir = dir->parent;
	return vnode_get(dir->parent ? dir->parent : dir);
}
