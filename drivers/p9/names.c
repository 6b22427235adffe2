// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Operations on names.
#include <drivers/p9/node.h>

#include <core/klib.h>
#include <fs/abi.h>

#define FID_PROBE 0xfffffff0u /* for a moment */
#define TARGET_MAX 4095u      /* PATH_MAX with its NUL */

int p9_walk(struct p9 *fs, uint32_t dir, uint32_t to, const char *name, size_t len, uint64_t *path)
{
	int r;

	p9_begin(fs, P9_TWALK);
	put_u32(fs, p9_fid(dir, FID_NAME));
	put_u32(fs, to);
	p9_put(fs, 1, 2);
	p9_put_string(fs, name, len);
	r = p9_call(fs);
	if (r)
		return r;
	if (p9_get(fs, 2) != 1)
		return p9_breach(fs, "a walk that went elsewhere");
	*path = p9_get_qid(fs);
	return p9_took(fs);
}

// Is there something at a name? *known is its node, if the guest knows it; else 0.
static bool probe(struct p9 *fs, uint32_t dir, const char *name, size_t len, uint32_t *known)
{
	uint64_t path;

	*known = 0;
	if (p9_walk(fs, dir, FID_PROBE, name, len, &path))
		return false;
	p9_clunk(fs, FID_PROBE);
	*known = p9_node_find(fs, path);
	return true;
}

// A file that was thought to be without a name has one: that of `from`. If its size was changed
// meanwhile, it is now.
static int adopt(struct p9 *fs, uint32_t node, uint32_t from)
{
	struct p9_node *n = &fs->node[node];
	struct volume_attr a = { .size = n->kept ? n->kept->attr.size : 0 };
	bool resize = n->kept && a.size != n->kept->server_size;
	int r;

	p9_clunk(fs, p9_fid(node, FID_NAME));
	n->state &= (uint16_t)~NODE_NAME;
	r = p9_clone(fs, p9_fid(from, FID_NAME), p9_fid(node, FID_NAME));
	if (r)
		return r;
	n->state = (uint16_t)((n->state & ~NODE_GONE) | NODE_NAME);
	p9_unkeep(n);
	return resize ? p9_node_setattr(fs, node, &a, VOLUME_F_SET_SIZE) : 0;
}

// Does the node's name still lead to it? Others may have moved it.
static bool name_is_true(struct p9 *fs, uint32_t node)
{
	struct volume_attr a;

	return !(fs->node[node].state & NODE_GONE) &&
	       !p9_fid_attr(fs, p9_fid(node, FID_NAME), &a) && a.ino == fs->node[node].path;
}

int p9_settle(struct p9 *fs, uint32_t node, struct volume_request *r)
{
	int err = p9_fid_attr(fs, p9_fid(node, FID_NAME), &r->attr);
	uint32_t known = err ? 0 : p9_node_find(fs, r->attr.ino);

	if (known && fs->node[known].type != (r->attr.mode & S_IFMT)) {
		p9_node_replaced(fs, known);
		known = 0;
	}
	if (known && !name_is_true(fs, known)) {
		err = adopt(fs, known, node);
		if (!err)
			err = p9_fid_attr(fs, p9_fid(known, FID_NAME), &r->attr);
	}
	if (err || known)
		p9_node_drop(fs, node);
	else
		p9_node_hash(fs, node, r->attr.ino, r->attr.mode);
	r->found = err ? 0 : known ? known : node;
	return err;
}

int64_t p9_lookup(struct p9 *fs, struct volume_request *r, uint8_t *data)
{
	uint32_t node = p9_node_reserve(fs);
	uint64_t path;
	int err = node ? p9_walk(fs, r->node, p9_fid(node, FID_NAME), r->name, r->name_len, &path) :
			 -ENFILE;

	if (err) {
		if (node)
			p9_node_drop(fs, node);
		return err;
	}
	fs->node[node].state |= NODE_NAME;
	return p9_settle(fs, node, r);
}

int64_t p9_readlink(struct p9 *fs, struct volume_request *r, uint8_t *data)
{
	char target[TARGET_MAX];
	size_t len;
	int err;

	p9_begin(fs, P9_TREADLINK);
	put_u32(fs, p9_fid(r->node, FID_NAME));
	err = p9_call(fs);
	if (err)
		return err;
	len = p9_get_string(fs, target, sizeof(target));
	len = MIN(len, r->len);
	err = p9_took(fs);
	memcpy(data, target, len);
	return err ? err : (int64_t)len;
}

int64_t p9_link(struct p9 *fs, struct volume_request *r, uint8_t *data)
{
	const struct p9_node *other = p9_node_get(fs, r->other);

	if (!other)
		return -ESTALE;
	if (other->type == S_IFDIR)
		return -EPERM;
	if (other->state & NODE_GONE)
		return -ENOENT;
	p9_begin(fs, P9_TLINK);
	put_u32(fs, p9_fid(r->node, FID_NAME));
	put_u32(fs, p9_fid(r->other, FID_NAME));
	p9_put_string(fs, r->name, r->name_len);
	return p9_call(fs);
}

// The operation is sent; `node`, for which p9_keep() was called, has lost its name if it worked.
static int call_removing(struct p9 *fs, uint32_t node)
{
	int r = p9_call(fs);

	if (node && !r)
		p9_removed(fs, node);
	else if (node && !(fs->node[node].state & NODE_GONE))
		p9_unkeep(&fs->node[node]);
	return r;
}

int64_t p9_unlink(struct p9 *fs, struct volume_request *r, uint8_t *data)
{
	uint32_t known;
	bool file;
	int err;

	probe(fs, r->node, r->name, r->name_len, &known);
	file = known && fs->node[known].type == S_IFREG;
	if (known && !p9_keep(fs, known))
		return -ENOMEM;
	p9_begin(fs, P9_TUNLINKAT);
	put_u32(fs, p9_fid(r->node, FID_NAME));
	p9_put_string(fs, r->name, r->name_len);
	put_u32(fs, r->flags & VOLUME_F_DIRECTORY ? AT_REMOVEDIR : 0);
	err = call_removing(fs, known);
	r->found = !err && file ? known : 0;
	return err;
}

// The protocol has no flags. That nothing is replaced is seen to here, so it is true of what this
// instance does; names are not exchanged, as by Linux's 9p.
int64_t p9_rename(struct p9 *fs, struct volume_request *r, uint8_t *data)
{
	const struct p9_node *to = p9_node_get(fs, r->other);
	uint32_t moved, over;
	int err;

	if (!to)
		return -ESTALE;
	if (to->type != S_IFDIR)
		return -ENOTDIR;
	if (to->state & NODE_GONE)
		return -ENOENT;
	if (r->flags & VOLUME_F_EXCHANGE)
		return -EINVAL;
	if (!probe(fs, r->node, r->name, r->name_len, &moved))
		return -ENOENT;
	if (probe(fs, r->other, r->name2, r->name2_len, &over) && (r->flags & VOLUME_F_NOREPLACE))
		return -EEXIST;
	if (over == moved)
		over = 0; // two names of one file: both stay
	if (over && !p9_keep(fs, over))
		return -ENOMEM;
	p9_begin(fs, P9_TRENAMEAT);
	put_u32(fs, p9_fid(r->node, FID_NAME));
	p9_put_string(fs, r->name, r->name_len);
	put_u32(fs, p9_fid(r->other, FID_NAME));
	p9_put_string(fs, r->name2, r->name2_len);
	err = call_removing(fs, over);
	r->found = !err && moved && fs->node[moved].type == S_IFDIR ? moved : 0;
	return err;
}
