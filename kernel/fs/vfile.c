// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// An open vnode: plain files and directories as struct file.
#include <fs/file.h>
#include <fs/abi.h>
#include <fs/notify.h>
#include <fs/vnode.h>
#include <mm/mm.h>

static ssize_t vfile_read(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	ssize_t n;

	if (S_ISDIR(f->vnode->mode))
		return -EISDIR;
	n = f->vnode->ops->read(f->vnode, it, *pos);
	if (n > 0)
		*pos += (uint64_t)n;
	if (n > 0 && fs_watched)
		notify_file(f, IN_ACCESS);
	return n;
}

static ssize_t vfile_write(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	struct kstat st;
	ssize_t n;

	if (f->flags & O_APPEND) {
		n = vnode_stat(f->vnode, &st);
		if (n)
			return n;
		*pos = st.size;
	}
	if (file_write_allowed && S_ISREG(f->vnode->mode)) {
		n = file_write_allowed(*pos, &it->left);
		if (n)
			return n;
	}
	n = f->vnode->ops->write(f->vnode, it, *pos);
	if (n > 0)
		*pos += (uint64_t)n;
	if (n > 0 && fs_watched)
		notify_file(f, IN_MODIFY);
	return n;
}

static int64_t vfile_seek(struct file *f, int64_t off, int whence)
{
	bool dir = S_ISDIR(f->vnode->mode);
	uint64_t base = 0;
	struct kstat st;
	int r = vnode_stat(f->vnode, &st);

	if (r)
		return r;
	switch (whence) {
	case SEEK_CUR: base = f->pos; break;
	case SEEK_END: base = dir ? 0 : st.size; break;
	case SEEK_SET: break;
	case SEEK_DATA:
	case SEEK_HOLE: // a file without holes, which is a correct answer for any
		if (off < 0 || (uint64_t)off >= st.size)
			return -ENXIO;
		f->pos = whence == SEEK_DATA ? (uint64_t)off : st.size;
		return (int64_t)f->pos;
	default:
		return -EINVAL;
	}
	if (__builtin_add_overflow((int64_t)base, off, &off))
		return -EOVERFLOW;
	if (off < 0)
		return -EINVAL;
	f->pos = (uint64_t)off;
	return off;
}

static int vfile_readdir(struct file *f, struct dir_sink *sink)
{
	if (!f->vnode->ops->readdir)
		return -ENOTDIR;
	return f->vnode->ops->readdir(f->vnode, &f->pos, sink);
}

static int vfile_fsync(struct file *f, bool data)
{
	return 0; // memory is as safe as it gets
}

const struct file_ops vnode_file_ops = {
	.kind = "file",
	.read = vfile_read,
	.write = vfile_write,
	.seek = vfile_seek,
	.readdir = vfile_readdir,
	.fsync = vfile_fsync,
};
