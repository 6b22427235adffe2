// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Files of volumes: reading and writing go through to the host, a buffer at a time.
#include <fs/volfs.h>
#include <fs/abi.h>
#include <fs/file.h>
#include <fs/notify.h>
#include <fs/tmpfs.h>
#include <linux/process.h>
#include <mm/mm.h>

#pragma weak fifo_open
#pragma weak volfs_allocate
#pragma weak volfs_statfs

#define O_DSYNC_BIT 010000
#define O_SYNC_BIT 04000000

ssize_t volfs_read(struct vnode *v, struct iov_iter *it, uint64_t off)
{
	const struct vol_buffer *b = volfs_buffer();
	struct vol_node *n = to_vol(v);
	ssize_t done = 0, r = b ? volfs_open(n, false) : -ENOMEM;

	if (!r)
		r = volfs_write_back(v, off, off + it->left);
	while (!r && it->left) {
		struct volume_request *q = volfs_begin(VOLUME_READ, n);
		size_t len = MIN(it->left, b->len);
		ssize_t got;

		q->off = off;
		q->len = len;
		q->data = page_pa(b->at);
		got = volfs_call();
		r = got > 0 ? iov_copy_out(it, b->at, (size_t)got) : got;
		if (r <= 0)
			break;
		done += r;
		off += (uint64_t)r;
		r = (size_t)r < len; // the end of the file, or of what can be written to: enough
	}
	return done ? done : MIN(r, 0);
}

// Writes at *off, or with `flags` APPEND at the end; *off is then where the data ends.
static ssize_t write_at(struct vol_node *n, struct iov_iter *it, uint64_t *off, uint32_t flags)
{
	const struct vol_buffer *b = volfs_buffer();
	ssize_t done = 0, r = b ? volfs_open(n, true) : -ENOMEM;

	while (!r && it->left) {
		ssize_t len = iov_copy_in(it, b->at, b->len);
		struct volume_request *q;

		if (len <= 0) {
			r = len;
			break;
		}
		q = volfs_begin(VOLUME_WRITE, n);
		q->off = *off;
		q->len = (size_t)len;
		q->data = page_pa(b->at);
		q->flags = flags;
		r = volfs_call();
		if (r <= 0)
			break;
		*off = q->end;
		volfs_map_written(n, *off - (uint64_t)r, b->at, (size_t)r);
		done += r;
		r = r < len; // less than all: the next call will tell why
	}
	return done ? done : MIN(r, 0);
}

ssize_t volfs_write(struct vnode *v, struct iov_iter *it, uint64_t off)
{
	return write_at(to_vol(v), it, &off, 0);
}

static int set_mode_and_size(struct vol_node *n, const struct kstat *st, unsigned what)
{
	struct volume_request *q;
	int r = 0;

	if (what & ATTR_SIZE)
		r = volfs_write_back(&n->v, 0, UINT64_MAX);
	if (r)
		return r;
	q = volfs_begin(VOLUME_SETATTR, n);
	q->flags = (what & ATTR_MODE ? VOLUME_F_SET_MODE : 0) |
		   (what & ATTR_SIZE ? VOLUME_F_SET_SIZE : 0) |
		   (what & ATTR_ATIME ? VOLUME_F_SET_ATIME : 0) |
		   (what & ATTR_MTIME ? VOLUME_F_SET_MTIME : 0);
	q->attr = (struct volume_attr){ .size = st->size, .mode = st->mode,
					.atime_ns = st->atime_ns, .mtime_ns = st->mtime_ns };
	r = (int)volfs_call();
	if (!r && n->v.ops != &volfs_other_ops)
		n->v.mode = q->attr.mode;
	if (!r && (what & ATTR_SIZE))
		volfs_map_resized(n, st->size);
	return r;
}

// Owners are not kept (volfs_getattr): a change for a file of ours changes nothing, and others' may
// not be changed.
int volfs_setattr(struct vnode *v, const struct kstat *st, unsigned what)
{
	if (what & (ATTR_UID | ATTR_GID)) {
		const struct volume_request *q = volfs_begin(VOLUME_GETATTR, to_vol(v));
		int r = (int)volfs_call();

		if (r || !q->attr.own)
			return r ? r : -EPERM;
		what &= ~(unsigned)(ATTR_UID | ATTR_GID);
	}
	if (v->ops == &volfs_other_ops && (what & ATTR_MODE)) {
		v->mode = (v->mode & S_IFMT) | (st->mode & 07777);
		what &= ~(unsigned)ATTR_MODE;
	}
	return what ? set_mode_and_size(to_vol(v), st, what) : 0;
}

static ssize_t file_read(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	ssize_t n = S_ISDIR(f->vnode->mode) ? -EISDIR : volfs_read(f->vnode, it, *pos);

	if (n > 0)
		*pos += (uint64_t)n;
	if (n > 0 && fs_watched)
		notify_file(f, IN_ACCESS);
	return n;
}

static ssize_t file_write(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	uint32_t flags = (f->flags & O_APPEND ? VOLUME_F_APPEND : 0) |
			 (f->flags & O_SYNC_BIT	   ? VOLUME_F_SYNC
			  : f->flags & O_DSYNC_BIT ? VOLUME_F_DSYNC
						   : 0);
	ssize_t n;

	if (file_write_allowed && current_process()->limits[RLIMIT_FSIZE_].cur != ~0ull) {
		struct kstat st = { .size = *pos };

		n = f->flags & O_APPEND ? vnode_stat(f->vnode, &st) : 0;
		if (!n)
			n = file_write_allowed(st.size, &it->left);
		if (n)
			return n;
	}
	n = write_at(to_vol(f->vnode), it, pos, flags);
	if (n > 0 && fs_watched)
		notify_file(f, IN_MODIFY);
	return n;
}

static int64_t file_seek(struct file *f, int64_t off, int whence)
{
	int64_t base = whence == SEEK_CUR ? (int64_t)f->pos : 0;
	struct volume_request *q;
	struct kstat st = { .size = 0 };
	int r = 0;

	if (whence == SEEK_DATA || whence == SEEK_HOLE) {
		if (off < 0)
			return -ENXIO;
		q = volfs_begin(VOLUME_SEEK, to_vol(f->vnode));
		q->mode = (uint32_t)whence;
		q->off = (uint64_t)off;
		off = volfs_call();
		base = 0;
	} else if (whence == SEEK_END && !S_ISDIR(f->vnode->mode)) {
		r = vnode_stat(f->vnode, &st);
		base = (int64_t)st.size;
	} else if (whence < SEEK_SET || whence > SEEK_END) {
		return -EINVAL;
	}
	if (r || (whence > SEEK_END && off < 0))
		return r ? r : off;
	if (__builtin_add_overflow(base, off, &off))
		return -EOVERFLOW;
	if (off < 0)
		return -EINVAL;
	f->pos = (uint64_t)off;
	return off;
}

static int file_readdir(struct file *f, struct dir_sink *sink)
{
	if (!f->vnode->ops->readdir)
		return -ENOTDIR;
	return f->vnode->ops->readdir(f->vnode, &f->pos, sink);
}

static int fsync_range(struct vnode *v, uint64_t from, uint64_t to, bool data)
{
	int r = volfs_open(to_vol(v), false);

	if (!r)
		r = volfs_write_back(v, from, to);
	if (r)
		return r;
	return volfs_call_later(volfs_begin(VOLUME_FSYNC, to_vol(v)), data ? VOLUME_F_DATA : 0);
}

static int volfs_sync_range(struct vnode *v, uint64_t from, uint64_t to)
{
	return fsync_range(v, from, to, false);
}

static int file_fsync(struct file *f, bool data)
{
	return fsync_range(f->vnode, 0, UINT64_MAX, data);
}

static const struct file_ops volume_file_ops = {
	.kind = "file",
	.read = file_read,
	.write = file_write,
	.seek = file_seek,
	.readdir = file_readdir,
	.fsync = file_fsync,
};

int volfs_vnode_open(struct vnode *v, struct file **f)
{
	bool write = ((*f)->flags & O_ACCMODE) != O_RDONLY;
	int r;

	switch (v->mode & S_IFMT) {
	case S_IFREG:
	case S_IFDIR:
		r = volfs_open(to_vol(v), write);
		if (!r)
			(*f)->ops = &volume_file_ops;
		return r;
	case S_IFIFO:
		return fifo_open ? fifo_open(&to_vol(v)->fifo, *f) : -ENXIO;
	case S_IFCHR:
	case S_IFBLK:
		return -EACCES; // as where a file system is mounted nodev
	default:
		return -ENXIO;
	}
}

const struct vnode_ops volfs_file_ops = {
	.getattr = volfs_getattr,
	.setattr = volfs_setattr,
	.read = volfs_read,
	.write = volfs_write,
	.get_page = volfs_get_page,
	.sync = volfs_sync_range,
	.allocate = volfs_allocate,
	.statfs = volfs_statfs,
	.open = volfs_vnode_open,
	.release = volfs_release,
};
