// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// From a path to an open file: the rules of open(2). First everything is looked up and checked,
// then the file is created or truncated.
#include <fs/file.h>
#include <fs/abi.h>
#include <fs/notify.h>
#include <fs/vnode.h>
#include <linux/process.h>
#include <mm/mm.h>

#pragma weak tmpfs_new_file
#pragma weak procfs_file_name

#define O_TMPFILE (O_TMPFILE_BIT | O_DIRECTORY)

static unsigned access_wanted(unsigned flags)
{
	static const uint8_t want[] = { 4, 2, 6, 6 };

	return want[flags & O_ACCMODE] | (flags & O_TRUNC ? 2 : 0);
}

// The vnode to open with O_CREAT; *created if it is new.
static int lookup_or_create(struct vnode *at, const char *path, unsigned flags, uint32_t mode,
			    struct vnode **out, bool *created)
{
	unsigned how = LOOKUP_PARENT | (flags & LOOKUP_LIMITS) |
		       (flags & (O_EXCL | O_NOFOLLOW) ? 0 : LOOKUP_FOLLOW);
	struct lookup l;
	int r = path_lookup(at, path, how, &l);

	if (r)
		return r;
	if (l.trailing_slash && !l.dots) {
		r = -EISDIR;
	} else if (l.vnode) {
		*out = vnode_get(l.vnode);
		r = flags & O_EXCL ? -EEXIST : S_ISDIR(l.vnode->mode) ? -EISDIR : 0;
		if (r)
			vnode_put(*out);
	} else {
		r = vnode_access(l.dir, 3, false);
		if (!r && !l.dir->ops->create)
			r = -EROFS;
		if (!r)
			r = l.dir->ops->create(l.dir, l.name, l.len, S_IFREG | (mode & 07777), 0,
					       NULL, out);
		*created = !r;
		if (!r && fs_watched)
			notify_named(l.dir, l.name, l.len, NULL, IN_CREATE);
	}
	lookup_put(&l);
	return r;
}

static int open_tmpfile(struct vnode *at, const char *path, unsigned flags, uint32_t mode,
			struct vnode **out)
{
	struct vnode *dir;
	int r;

	if ((flags & O_ACCMODE) == O_RDONLY)
		return -EINVAL;
	r = path_vnode(at, path, LOOKUP_FOLLOW | LOOKUP_DIRECTORY | (flags & LOOKUP_LIMITS), &dir);
	if (r)
		return r;
	r = dir->ops->statfs ? -EOPNOTSUPP : 0; // on a volume: there are none without a name
	vnode_put(dir);
	if (r || !tmpfs_new_file)
		return -EOPNOTSUPP;
	*out = tmpfs_new_file(mode & 07777);
	return *out ? 0 : -ENOMEM;
}

// May v be opened so?
static int may_open(struct vnode *v, unsigned flags)
{
	if ((flags & O_DIRECTORY) && !S_ISDIR(v->mode))
		return -ENOTDIR;
	if (S_ISLNK(v->mode))
		return -ELOOP;
	if (S_ISDIR(v->mode) && (access_wanted(flags) & 2))
		return -EISDIR;
	if ((v->mode & S_IFMT) == S_IFSOCK)
		return -ENXIO;
	if (S_ISREG(v->mode) && (access_wanted(flags) & 2) && !v->ops->write)
		return -EROFS;
	return vnode_access(v, access_wanted(flags), false);
}

static int finish_open(struct vnode *v, unsigned flags, bool fresh, struct file **out)
{
	static const struct file_ops path_only = { .kind = "path" };
	struct kstat empty = { .size = 0 };
	struct file *f;
	int r = 0;

	f = file_new(flags & O_PATH ? &path_only : &vnode_file_ops,
		     flags & ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_CLOEXEC | LOOKUP_LIMITS), NULL);
	if (!f)
		return -ENOMEM;
	f->vnode = vnode_get(v);
	if (flags & O_PATH) {
		*out = f;
		return 0;
	}
	if (v->ops->open)
		r = v->ops->open(v, &f);
	if (!r && (flags & O_TRUNC) && S_ISREG(v->mode) && !fresh && v->ops->setattr)
		r = v->ops->setattr(v, &empty, ATTR_SIZE);
	if (r)
		file_put(f);
	else
		*out = f;
	return r;
}

int file_open(struct vnode *at, const char *path, unsigned flags, uint32_t mode, struct file **out)
{
	bool created = false;
	struct vnode *v;
	int r;

	mode &= ~current_process()->umask;
	if (flags & O_PATH)
		flags &= O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | LOOKUP_LIMITS;
	if (flags & O_TMPFILE_BIT) {
		r = (flags & O_DIRECTORY) ? open_tmpfile(at, path, flags, mode, &v) : -EINVAL;
		flags &= ~O_TMPFILE;
		created = true;
	} else if (flags & O_CREAT) {
		r = flags & O_DIRECTORY ? -EINVAL :
					  lookup_or_create(at, path, flags, mode, &v, &created);
	} else {
		r = path_vnode(at, path,
			       (flags & LOOKUP_LIMITS) | (flags & O_NOFOLLOW ? 0 : LOOKUP_FOLLOW), &v);
	}
	if (r)
		return r;
	if (flags & O_PATH)
		r = (flags & O_DIRECTORY) && !S_ISDIR(v->mode) ? -ENOTDIR : 0;
	else if (!created)
		r = may_open(v, flags);
	if (!r)
		r = finish_open(v, flags, created, out);
	vnode_put(v);
	if (!r && procfs_file_name && !(*out)->path && (*out)->vnode)
		(*out)->path = procfs_file_name(at, path);
	if (!r && fs_watched) {
		notify_file(*out, IN_OPEN);
		if ((flags & O_TRUNC) && !created)
			notify_file(*out, IN_MODIFY);
	}
	return r;
}
