// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Attributes. A file's are asked for by its name; the qid of the answer tells whether they are of
// the same file.
#include <drivers/p9/node.h>

#include <core/klib.h>
#include <fs/abi.h>

#define SECOND 1000000000ll
#define GETATTR_BASIC 0x7ffull /* Linux: P9_STATS_BASIC, what stat(2) has */

// Linux: include/net/9p/9p.h, P9_ATTR_*.
#define SET_MODE 0x1
#define SET_SIZE 0x8
#define SET_ATIME 0x10
#define SET_MTIME 0x20
#define SET_ATIME_TO 0x80
#define SET_MTIME_TO 0x100

static int64_t get_time(struct p9 *fs)
{
	uint64_t sec = get_u64(fs), ns = get_u64(fs);

	return (int64_t)(sec * SECOND + ns);
}

int p9_fid_attr(struct p9 *fs, uint32_t fid, struct volume_attr *a)
{
	int r;

	p9_begin(fs, P9_TGETATTR);
	put_u32(fs, fid);
	put_u64(fs, GETATTR_BASIC);
	r = p9_call(fs);
	if (r)
		return r;
	*a = (struct volume_attr){ .dev = fs->dev };
	get_u64(fs); // which of them are valid: those that it has
	a->ino = p9_get_qid(fs);
	a->mode = get_u32(fs);
	a->uid = get_u32(fs);
	a->gid = get_u32(fs);
	a->nlink = get_u64(fs);
	a->rdev = get_u64(fs);
	a->size = get_u64(fs);
	a->blksize = (uint32_t)get_u64(fs);
	a->blocks = get_u64(fs);
	a->atime_ns = get_time(fs);
	a->mtime_ns = get_time(fs);
	a->ctime_ns = get_time(fs);
	get_time(fs); // of birth
	get_time(fs); // generation and version of its data
	a->own = a->uid == fs->own_uid[0] || a->uid == fs->own_uid[1];
	a->size = MIN(a->size, (uint64_t)INT64_MAX);
	return p9_took(fs);
}

static int same_attr(struct p9 *fs, uint32_t node, enum node_fid which, struct volume_attr *a)
{
	const struct p9_node *n = &fs->node[node];
	int r = p9_fid_attr(fs, p9_fid(node, which), a);

	if (r == -ENOENT)
		return -ESTALE;
	return !r && (a->ino != n->path || (a->mode & S_IFMT) != n->type) ? -ESTALE : r;
}

int p9_node_attr(struct p9 *fs, uint32_t node, struct volume_attr *a)
{
	const struct p9_node *n = &fs->node[node];
	int r = n->state & NODE_GONE ? -ESTALE : same_attr(fs, node, FID_NAME, a);

	if (r != -ESTALE)
		return r;
	if (n->kept) {
		*a = n->kept->attr;
		return 0;
	}
	// Somebody else took its name. Newer servers know it by what is open.
	return n->state & (NODE_READ | NODE_WRITE) ?
		       same_attr(fs, node, n->state & NODE_WRITE ? FID_WRITE : FID_READ, a) :
		       -ESTALE;
}

static void put_time(struct p9 *fs, int64_t ns)
{
	int64_t sec = ns / SECOND, rest = ns % SECOND;

	put_u64(fs, (uint64_t)(rest < 0 ? sec - 1 : sec));
	put_u64(fs, (uint64_t)(rest < 0 ? rest + SECOND : rest));
}

// Never by a fid that is open: there are servers that tell the attributes of what is open and
// change those of what has its name now.
int p9_node_setattr(struct p9 *fs, uint32_t node, const struct volume_attr *a, uint32_t what)
{
	struct volume_attr now;
	int r;

	if (fs->node[node].kept)
		return p9_kept_setattr(fs, node, a, what);
	r = fs->node[node].state & NODE_GONE ? -ESTALE : same_attr(fs, node, FID_NAME, &now);
	if (r)
		return r;
	p9_begin(fs, P9_TSETATTR);
	put_u32(fs, p9_fid(node, FID_NAME));
	put_u32(fs, (what & VOLUME_F_SET_MODE ? SET_MODE : 0) |
			    (what & VOLUME_F_SET_SIZE ? SET_SIZE : 0) |
			    (what & VOLUME_F_SET_ATIME ? SET_ATIME | SET_ATIME_TO : 0) |
			    (what & VOLUME_F_SET_MTIME ? SET_MTIME | SET_MTIME_TO : 0));
	put_u32(fs, a->mode);
	put_u32(fs, P9_NONE);
	put_u32(fs, P9_NONE);
	put_u64(fs, a->size);
	put_time(fs, a->atime_ns);
	put_time(fs, a->mtime_ns);
	return p9_call(fs);
}

int64_t p9_getattr(struct p9 *fs, struct volume_request *r, uint8_t *data)
{
	return p9_node_attr(fs, r->node, &r->attr);
}

int64_t p9_setattr(struct p9 *fs, struct volume_request *r, uint8_t *data)
{
	uint32_t type = fs->node[r->node].type;
	int err;

	if ((r->flags & VOLUME_F_SET_SIZE) && type != S_IFREG)
		return -EINVAL;
	if ((r->flags & VOLUME_F_SET_SIZE) && r->attr.size > INT64_MAX)
		return -EFBIG;
	if ((r->flags & VOLUME_F_SET_MODE) && type != S_IFREG && type != S_IFDIR)
		return -EOPNOTSUPP;
	// Set-id bits are dropped, as the monitor does.
	r->attr.mode &= type == S_IFDIR ? 03777 : 01777;
	err = p9_node_setattr(fs, r->node, &r->attr, r->flags);
	return err ? err : p9_node_attr(fs, r->node, &r->attr);
}

int64_t p9_statfs(struct p9 *fs, struct volume_request *r, uint8_t *data)
{
	bool gone = fs->node[r->node].state & NODE_GONE;
	struct volume_statfs *to = &r->statfs;
	int err;

	p9_begin(fs, P9_TSTATFS);
	put_u32(fs, p9_fid(gone ? P9_ROOT : r->node, FID_NAME));
	err = p9_call(fs);
	if (err)
		return err;
	memset(to, 0, sizeof(*to));
	to->type = get_u32(fs);
	to->bsize = to->frsize = get_u32(fs);
	to->blocks = get_u64(fs);
	to->bfree = get_u64(fs);
	to->bavail = get_u64(fs);
	to->files = get_u64(fs);
	to->ffree = get_u64(fs);
	get_u64(fs); // fsid
	to->namelen = get_u32(fs);
	return p9_took(fs);
}
