// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// New files of every kind. They belong to whom the server says: no owner is asked for.
#include <drivers/p9/node.h>

#include <core/klib.h>
#include <fs/abi.h>

#define TARGET_MAX 4095u // PATH_MAX with its NUL

// A fid of the directory becomes that of the new file, open.
static int create_open(struct p9 *fs, const struct volume_request *r, uint32_t fid)
{
	int err = p9_clone(fs, p9_fid(r->node, FID_NAME), fid);

	if (err)
		return err;
	p9_begin(fs, P9_TLCREATE);
	put_u32(fs, fid);
	p9_put_string(fs, r->name, r->name_len);
	put_u32(fs, O_RDWR | O_CREAT | O_EXCL | O_LARGEFILE);
	put_u32(fs, r->mode & 0777);
	put_u32(fs, P9_NONE);
	err = p9_call(fs);
	if (err)
		p9_clunk(fs, fid);
	return err;
}

// The node is reserved: it gets both fids. A node that has this inode's number is of a file that
// the server has no more.
static int create_file(struct p9 *fs, uint32_t node, struct volume_request *r)
{
	uint64_t path;
	uint32_t stale;
	int err = create_open(fs, r, p9_fid(node, FID_WRITE));

	if (err)
		return err;
	fs->node[node].state |= NODE_WRITE;
	err = p9_walk(fs, r->node, p9_fid(node, FID_NAME), r->name, r->name_len, &path);
	if (err)
		return err;
	fs->node[node].state |= NODE_NAME;
	stale = p9_node_find(fs, path);
	if (stale)
		p9_node_replaced(fs, stale);
	return 0;
}

static int make_file(struct p9 *fs, struct volume_request *r)
{
	uint32_t node = p9_node_reserve(fs);
	int err = node ? create_file(fs, node, r) : -ENFILE;

	if (!err)
		return p9_settle(fs, node, r);
	if (node)
		p9_node_drop(fs, node);
	return err;
}

static int make_directory(struct p9 *fs, const struct volume_request *r)
{
	p9_begin(fs, P9_TMKDIR);
	put_u32(fs, p9_fid(r->node, FID_NAME));
	p9_put_string(fs, r->name, r->name_len);
	put_u32(fs, r->mode & (0777 | S_ISVTX | S_ISGID));
	put_u32(fs, P9_NONE);
	return p9_call(fs);
}

static int make_link(struct p9 *fs, const struct volume_request *r, const uint8_t *target)
{
	if (r->len > TARGET_MAX)
		return -ENAMETOOLONG;
	if (memchr(target, 0, r->len))
		return -EINVAL;
	p9_begin(fs, P9_TSYMLINK);
	put_u32(fs, p9_fid(r->node, FID_NAME));
	p9_put_string(fs, r->name, r->name_len);
	p9_put_string(fs, target, r->len);
	put_u32(fs, P9_NONE);
	return p9_call(fs);
}

static int make_special(struct p9 *fs, const struct volume_request *r)
{
	p9_begin(fs, P9_TMKNOD);
	put_u32(fs, p9_fid(r->node, FID_NAME));
	p9_put_string(fs, r->name, r->name_len);
	put_u32(fs, r->mode & (0777 | S_IFMT));
	put_u64(fs, 0); // no device: major[4] minor[4]
	put_u32(fs, P9_NONE);
	return p9_call(fs);
}

int64_t p9_create(struct p9 *fs, struct volume_request *r, uint8_t *data)
{
	int err;

	switch (r->mode & S_IFMT) {
	case S_IFREG:
		err = make_file(fs, r);
		break;
	case S_IFDIR:
		err = make_directory(fs, r);
		break;
	case S_IFLNK:
		err = make_link(fs, r, data);
		break;
	case S_IFIFO:
	case S_IFSOCK:
		err = make_special(fs, r);
		break;
	default:
		return -EPERM;
	}
	if (!err && !S_ISREG(r->mode))
		err = (int)p9_lookup(fs, r, NULL);
	if (err)
		return err;
	fs->own_uid[1] = r->attr.uid;
	r->attr.own = 1;
	return 0;
}
