// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Operations on files: attributes and data.
#include <monitor/dev/volume_op.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#define SECOND 1000000000

static int64_t nanoseconds(struct statx_timestamp t)
{
	return t.tv_sec * SECOND + t.tv_nsec;
}

void volume_attr_fill(const struct volumes *v, struct volume_attr *to, const struct statx *from)
{
	*to = (struct volume_attr){
		.dev = makedev(from->stx_dev_major, from->stx_dev_minor),
		.rdev = makedev(from->stx_rdev_major, from->stx_rdev_minor),
		.ino = from->stx_ino,
		.nlink = from->stx_nlink,
		.size = from->stx_size,
		.blocks = from->stx_blocks,
		.mode = from->stx_mode,
		.uid = from->stx_uid,
		.gid = from->stx_gid,
		.blksize = from->stx_blksize,
		.atime_ns = nanoseconds(from->stx_atime),
		.mtime_ns = nanoseconds(from->stx_mtime),
		.ctime_ns = nanoseconds(from->stx_ctime),
		.own = from->stx_uid == v->uid,
	};
}

int64_t volume_getattr(struct volume_call *c)
{
	struct statx stx;

	if (statx(c->node->fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &stx))
		return -errno;
	volume_attr_fill(c->v, &c->rq.attr, &stx);
	return 0;
}

static struct timespec spec(int64_t ns, bool set)
{
	int64_t sec = ns / SECOND, rest = ns % SECOND;

	if (!set)
		return (struct timespec){ 0, UTIME_OMIT };
	return rest < 0 ? (struct timespec){ sec - 1, rest + SECOND }
			: (struct timespec){ sec, rest };
}

// A descriptor of a file, for what O_PATH cannot do: not the node's own if the guest has not opened
// it. Gives it, or a negative errno; put it with done_with().
static int borrow(struct volume_call *c, int access)
{
	const struct node *n = c->node;
	int fd;

	if (n->access == NODE_WRITE || (n->access != NODE_PATH && access == O_RDONLY))
		return n->fd;
	if (n->access == NODE_WRITE_ONLY)
		return n->fd;
	fd = node_reopen(c->v, n, access);
	// Of a file that may only be written, the mode can be changed too.
	return fd == -EACCES && access == O_RDONLY && n->type == S_IFREG ?
		       node_reopen(c->v, n, O_WRONLY) : fd;
}

static void done_with(const struct volume_call *c, int fd)
{
	if (fd >= 0 && fd != c->node->fd)
		close(fd);
}

static int set_mode(struct volume_call *c)
{
	mode_t kept = c->node->type == S_IFDIR ? 03777 : 01777;
	int fd, r;

	if (c->node->type != S_IFREG && c->node->type != S_IFDIR)
		return -EOPNOTSUPP;
	fd = borrow(c, O_RDONLY);
	r = fd < 0 ? fd : fchmod(fd, c->rq.attr.mode & kept) ? -errno : 0;
	done_with(c, fd);
	return r;
}

static int set_size(struct volume_call *c)
{
	int fd, r;

	if (c->node->type != S_IFREG)
		return -EINVAL;
	if (c->rq.attr.size > INT64_MAX)
		return -EFBIG;
	fd = borrow(c, O_WRONLY);
	r = fd < 0 ? fd : ftruncate(fd, (off_t)c->rq.attr.size) ? -errno : 0;
	done_with(c, fd);
	return r;
}

int64_t volume_setattr(struct volume_call *c)
{
	uint32_t what = c->rq.flags;
	struct timespec t[2] = { spec(c->rq.attr.atime_ns, what & VOLUME_F_SET_ATIME),
				 spec(c->rq.attr.mtime_ns, what & VOLUME_F_SET_MTIME) };
	int r = what & VOLUME_F_SET_SIZE ? set_size(c) : 0;

	if (!r && (what & VOLUME_F_SET_MODE))
		r = set_mode(c);
	if (!r && (what & (VOLUME_F_SET_ATIME | VOLUME_F_SET_MTIME)) &&
	    utimensat(c->node->fd, "", t, AT_EMPTY_PATH))
		r = -errno;
	return r ? r : volume_getattr(c);
}

int64_t volume_open(struct volume_call *c)
{
	bool write = c->rq.flags & VOLUME_F_WRITE;

	if (write && c->v->at[c->node->volume].readonly)
		return -EROFS;
	return node_open(c->v, c->node, write);
}

int64_t volume_read(struct volume_call *c)
{
	ssize_t n = pread(c->node->fd, c->data, c->rq.len, (off_t)c->rq.off);

	if (n > 0)
		c->v->bytes_read += (uint64_t)n;
	return n < 0 ? -errno : n;
}

int64_t volume_write(struct volume_call *c)
{
	int flags = (c->rq.flags & VOLUME_F_APPEND ? RWF_APPEND : 0) |
		    (c->rq.flags & VOLUME_F_SYNC ? RWF_SYNC : 0) |
		    (c->rq.flags & VOLUME_F_DSYNC ? RWF_DSYNC : 0);
	struct iovec data = { c->data, c->rq.len };
	struct statx stx;
	ssize_t n = flags ? pwritev2(c->node->fd, &data, 1, (off_t)c->rq.off, flags) :
			    pwrite(c->node->fd, c->data, c->rq.len, (off_t)c->rq.off);

	if (n < 0)
		return -errno;
	c->v->bytes_written += (uint64_t)n;
	c->rq.end = c->rq.off + (uint64_t)n;
	if (c->rq.flags & VOLUME_F_APPEND) {
		if (statx(c->node->fd, "", AT_EMPTY_PATH, STATX_SIZE, &stx))
			return -errno;
		c->rq.end = stx.stx_size;
	}
	return n;
}

int64_t volume_seek(struct volume_call *c)
{
	off_t at;

	if (c->rq.mode != SEEK_DATA && c->rq.mode != SEEK_HOLE)
		return -EINVAL;
	at = lseek(c->node->fd, (off_t)c->rq.off, (int)c->rq.mode);
	return at < 0 ? -errno : at;
}

int64_t volume_allocate(struct volume_call *c)
{
	const uint32_t known = FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE;

	if (c->rq.mode & ~known)
		return -EOPNOTSUPP;
	return fallocate(c->node->fd, (int)c->rq.mode, (off_t)c->rq.off, (off_t)c->rq.len) ? -errno
											   : 0;
}

static int64_t sync_by(struct volume_call *c, int (*sync)(int fd))
{
	if ((c->rq.flags & VOLUME_F_LATER) && volume_later(c->v, c->node, c->rq.mode, sync))
		return VOLUME_LATER;
	return sync(c->node->fd) ? -errno : 0;
}

int64_t volume_fsync(struct volume_call *c)
{
	return sync_by(c, c->rq.flags & VOLUME_F_DATA ? fdatasync : fsync);
}

int64_t volume_syncfs(struct volume_call *c)
{
	return sync_by(c, syncfs);
}

int64_t volume_statfs(struct volume_call *c)
{
	struct volume_statfs *to = &c->rq.statfs;
	struct statfs st;

	if (fstatfs(c->node->fd, &st))
		return -errno;
	memset(to, 0, sizeof(*to));
	to->type = (uint64_t)st.f_type;
	to->bsize = (uint64_t)st.f_bsize;
	to->blocks = st.f_blocks;
	to->bfree = st.f_bfree;
	to->bavail = st.f_bavail;
	to->files = st.f_files;
	to->ffree = st.f_ffree;
	to->namelen = (uint64_t)st.f_namelen;
	to->frsize = (uint64_t)st.f_frsize;
	to->flags = (uint64_t)st.f_flags | (c->v->at[c->node->volume].readonly ? ST_RDONLY : 0);
	return 0;
}
