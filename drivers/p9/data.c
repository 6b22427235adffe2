// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Files' data, which goes between the request's memory and the server without a copy, as much at a
// time as the server takes.
#include <drivers/p9/node.h>

#include <core/klib.h>
#include <fs/abi.h>

static int open_for_writing(struct p9 *fs, uint32_t node)
{
	int r = p9_open_fid(fs, node, FID_WRITE, O_RDWR);

	// As the monitor does: who may only write can do so.
	if (r == -EACCES && !(fs->node[node].state & NODE_READ)) {
		r = p9_open_fid(fs, node, FID_WRITE, O_WRONLY);
		fs->node[node].state |= r ? 0 : NODE_WRITE_ONLY;
	}
	return r;
}

static bool readable(const struct p9_node *n)
{
	return (n->state & NODE_READ) || (n->state & (NODE_WRITE | NODE_WRITE_ONLY)) == NODE_WRITE;
}

int64_t p9_open(struct p9 *fs, struct volume_request *r, uint8_t *data)
{
	const struct p9_node *n = &fs->node[r->node];

	if (n->type != S_IFREG && n->type != S_IFDIR)
		return -EINVAL; // pipes and sockets are the guest's own, devices nobody's
	if (n->type == S_IFREG && (r->flags & VOLUME_F_WRITE))
		return n->state & NODE_WRITE ? 0 : open_for_writing(fs, r->node);
	if (readable(n))
		return 0;
	return p9_open_fid(fs, r->node, FID_READ,
			   n->type == S_IFDIR ? O_RDONLY | O_DIRECTORY : O_RDONLY);
}

int64_t p9_read(struct p9 *fs, struct volume_request *r, uint8_t *data)
{
	const struct p9_node *n = &fs->node[r->node];
	uint32_t fid = p9_fid(r->node, n->state & NODE_READ ? FID_READ : FID_WRITE), got = 0;
	uint64_t done = 0, len = p9_kept_clip(n, r->off, r->len);
	int err = readable(n) ? 0 : -EBADF;

	if (n->type == S_IFDIR)
		return -EISDIR;
	while (!err && done < len) {
		uint32_t part = (uint32_t)MIN(len - done, fs->data_max);

		p9_begin(fs, P9_TREAD);
		put_u32(fs, fid);
		put_u64(fs, r->off + done);
		put_u32(fs, part);
		err = p9_call_in(fs, data + done, part, &got);
		done += err ? 0 : got;
		if (got < part)
			break;
	}
	return done ? (int64_t)done : err;
}

static int64_t write_part(struct p9 *fs, uint32_t fid, uint64_t off, const uint8_t *data,
			  uint32_t len)
{
	uint32_t done;
	int err;

	p9_begin(fs, P9_TWRITE);
	put_u32(fs, fid);
	put_u64(fs, off);
	put_u32(fs, len);
	err = p9_call_out(fs, data, len);
	if (err)
		return err;
	done = get_u32(fs);
	if (done > len)
		return p9_breach(fs, "more written than there was");
	err = p9_took(fs);
	return err ? err : (int64_t)done;
}

static int64_t write_at(struct p9 *fs, uint32_t fid, uint64_t off, const uint8_t *data,
			uint64_t len)
{
	uint64_t done = 0;

	while (done < len) {
		uint32_t part = (uint32_t)MIN(len - done, fs->data_max);
		int64_t n = write_part(fs, fid, off + done, data + done, part);

		if (n < 0)
			return done ? (int64_t)done : n;
		done += (uint64_t)n;
		if (n < part)
			break;
	}
	return (int64_t)done;
}

static void begin_fsync(struct p9 *fs, uint32_t node, bool data_only)
{
	p9_begin(fs, P9_TFSYNC);
	put_u32(fs, p9_fid(node, fs->node[node].state & NODE_WRITE ? FID_WRITE : FID_READ));
	put_u32(fs, data_only);
}

static int fsync_node(struct p9 *fs, uint32_t node, bool data_only)
{
	int err;

	begin_fsync(fs, node, data_only);
	err = p9_call(fs);
	if (!err)
		fs->node[node].state &= (uint16_t)~NODE_DIRTY;
	return err;
}

// The end, where to append: the server's own idea of it counts if the file has a fid for that.
static int append_at(struct p9 *fs, struct volume_request *r, uint32_t *fid)
{
	struct volume_attr now;
	int err = p9_node_attr(fs, r->node, &now);

	r->off = now.size;
	if (!err && !(fs->node[r->node].state & (NODE_APPEND | NODE_GONE)))
		p9_open_fid(fs, r->node, FID_APPEND, O_WRONLY | O_APPEND);
	if (fs->node[r->node].state & NODE_APPEND)
		*fid = p9_fid(r->node, FID_APPEND);
	return err;
}

int64_t p9_write(struct p9 *fs, struct volume_request *r, uint8_t *data)
{
	uint32_t fid = p9_fid(r->node, FID_WRITE);
	int err = fs->node[r->node].state & NODE_WRITE ? 0 : -EBADF;
	int64_t n;

	if (!err && (r->flags & VOLUME_F_APPEND))
		err = append_at(fs, r, &fid);
	if (!err)
		err = p9_kept_written(fs, r->node, r->off, r->off);
	if (err)
		return err;
	n = write_at(fs, fid, r->off, data, r->len);
	if (n <= 0)
		return n;
	r->end = r->off + (uint64_t)n;
	p9_kept_written(fs, r->node, r->off, r->end);
	fs->node[r->node].state |= NODE_DIRTY;
	if (r->flags & (VOLUME_F_SYNC | VOLUME_F_DSYNC))
		err = fsync_node(fs, r->node, !(r->flags & VOLUME_F_SYNC));
	return err ? err : n;
}

// The protocol has no question for holes: a file is data up to its end, as Linux's 9p tells.
int64_t p9_seek(struct p9 *fs, struct volume_request *r, uint8_t *data)
{
	struct volume_attr now;
	int err = r->mode == SEEK_DATA || r->mode == SEEK_HOLE ? p9_node_attr(fs, r->node, &now)
							       : -EINVAL;

	if (err)
		return err;
	if (r->off >= now.size)
		return -ENXIO;
	return (int64_t)(r->mode == SEEK_DATA ? r->off : now.size);
}

int64_t p9_fsync(struct p9 *fs, struct volume_request *r, uint8_t *data)
{
	bool data_only = r->flags & VOLUME_F_DATA;
	int err = -EAGAIN;

	if (!(fs->node[r->node].state & (NODE_READ | NODE_WRITE)))
		return -EBADF;
	fs->later = r->later;
	if (r->flags & VOLUME_F_LATER) {
		begin_fsync(fs, r->node, data_only);
		err = p9_call_later(fs, r->mode);
	}
	if (err == -EAGAIN)
		return fsync_node(fs, r->node, data_only);
	return err ? err : VOLUME_LATER;
}

// The protocol has no such message: every file that the guest knows and has written to.
int64_t p9_syncfs(struct p9 *fs, struct volume_request *r, uint8_t *data)
{
	int err = 0, first = 0;

	for (uint32_t i = P9_ROOT; i < fs->used; i++) {
		if (fs->node[i].state & NODE_DIRTY)
			err = fsync_node(fs, i, false);
		first = first ? first : err;
	}
	return first;
}
