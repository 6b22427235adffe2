// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Files that live on without a name: their attributes are kept here, because servers know them by
// names (QEMU before 10.1 changes them so). Nobody else can reach such a file, so it is right.
// Where it was made shorter, the server's file is longer: what is behind the end is not read, and
// written over with zeros before the file grows past it.
#include <drivers/p9/node.h>

#include <core/klib.h>
#include <fs/abi.h>
#include <mm/mm.h>

bool p9_keep(struct p9 *fs, uint32_t node)
{
	struct p9_kept *kept = fs->node[node].kept ? NULL : kzalloc(sizeof(*kept));

	if (!kept)
		return fs->node[node].kept;
	if (p9_node_attr(fs, node, &kept->attr)) {
		kfree(kept);
		return true; // the server does not know it: there is nothing to keep
	}
	kept->server_size = kept->attr.size;
	fs->node[node].kept = kept;
	return true;
}

void p9_unkeep(struct p9_node *n)
{
	kfree(n->kept);
	n->kept = NULL;
}

// Another name may have led to it (hard links): then it stays findable. One that has no name any
// more is not, because its inode's number may be used again.
void p9_removed(struct p9 *fs, uint32_t node)
{
	struct p9_node *n = &fs->node[node];
	uint64_t links = n->kept ? n->kept->attr.nlink : 0;
	struct volume_attr now;

	if (n->type != S_IFDIR && links > 1 &&
	    !p9_fid_attr(fs, p9_fid(node, FID_NAME), &now) && now.ino == n->path) {
		p9_unkeep(n);
		return;
	}
	n->state |= NODE_GONE;
	if (n->kept)
		n->kept->attr.nlink = n->type == S_IFDIR || !links ? 0 : links - 1;
	if (n->type == S_IFDIR || links <= 1)
		p9_node_unhash(fs, node);
}

#define ZEROS 4096u

static int zero(struct p9 *fs, uint32_t node, uint64_t from, uint64_t to)
{
	int r = fs->node[node].state & NODE_WRITE ? 0 : -EBADF;

	while (from < to && !r) {
		uint32_t len = (uint32_t)MIN(to - from, ZEROS);

		p9_begin(fs, P9_TWRITE);
		put_u32(fs, p9_fid(node, FID_WRITE));
		put_u64(fs, from);
		put_u32(fs, len);
		for (uint32_t i = 0; i < len; i++)
			p9_put(fs, 0, 1);
		r = p9_call(fs);
		if (!r && get_u32(fs) != len)
			r = -EIO;
		from += len;
	}
	return r;
}

int p9_kept_written(struct p9 *fs, uint32_t node, uint64_t off, uint64_t end)
{
	struct p9_kept *kept = fs->node[node].kept;
	int r = 0;

	if (!kept)
		return 0;
	if (off > kept->attr.size)
		r = zero(fs, node, kept->attr.size, MIN(off, kept->server_size));
	if (r)
		return r;
	kept->attr.size = MAX(kept->attr.size, end);
	kept->server_size = MAX(kept->server_size, end);
	return 0;
}

uint64_t p9_kept_clip(const struct p9_node *n, uint64_t off, uint64_t len)
{
	if (!n->kept)
		return len;
	return off < n->kept->attr.size ? MIN(len, n->kept->attr.size - off) : 0;
}

static int resize(struct p9 *fs, uint32_t node, uint64_t size)
{
	struct p9_kept *kept = fs->node[node].kept;
	int r = 0;

	if (size > kept->attr.size)
		r = zero(fs, node, kept->attr.size, MIN(size, kept->server_size));
	if (!r && size > kept->server_size) {
		r = zero(fs, node, size - 1, size);
		kept->server_size = r ? kept->server_size : size;
	}
	if (!r)
		kept->attr.size = size;
	return r;
}

int p9_kept_setattr(struct p9 *fs, uint32_t node, const struct volume_attr *a, uint32_t what)
{
	struct volume_attr *to = &fs->node[node].kept->attr;

	if (what & VOLUME_F_SET_MODE)
		to->mode = (to->mode & S_IFMT) | (a->mode & 07777);
	if (what & VOLUME_F_SET_ATIME)
		to->atime_ns = a->atime_ns;
	if (what & VOLUME_F_SET_MTIME)
		to->mtime_ns = a->mtime_ns;
	return what & VOLUME_F_SET_SIZE ? resize(fs, node, a->size) : 0;
}
