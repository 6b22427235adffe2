// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// From attach to requests: what each operation needs of its node is checked here.
#include <drivers/p9/node.h>

#include <core/klib.h>
#include <fs/abi.h>
#include <mm/mm.h>

static const struct {
	int64_t (*act)(struct p9 *fs, struct volume_request *r, uint8_t *data);
	bool directory; // the node must be one, that is not removed
} ops[VOLUME_OPS] = {
	[VOLUME_LOOKUP] = { p9_lookup, true },
	[VOLUME_CREATE] = { p9_create, true },
	[VOLUME_LINK] = { p9_link, true },
	[VOLUME_UNLINK] = { p9_unlink, true },
	[VOLUME_RENAME] = { p9_rename, true },
	[VOLUME_READDIR] = { p9_readdir, true },
	[VOLUME_READLINK] = { p9_readlink, false },
	[VOLUME_GETATTR] = { p9_getattr, false },
	[VOLUME_SETATTR] = { p9_setattr, false },
	[VOLUME_OPEN] = { p9_open, false },
	[VOLUME_READ] = { p9_read, false },
	[VOLUME_WRITE] = { p9_write, false },
	[VOLUME_SEEK] = { p9_seek, false },
	[VOLUME_FSYNC] = { p9_fsync, false },
	[VOLUME_SYNCFS] = { p9_syncfs, false },
	[VOLUME_STATFS] = { p9_statfs, false },
};

static int64_t serve(struct volume_server *s, struct volume_request *r, uint8_t *data)
{
	struct p9 *fs = (struct p9 *)s;
	const struct p9_node *n = p9_node_get(fs, r->node);

	if (fs->broken)
		return -EIO;
	if (!n)
		return -ESTALE;
	if (ops[r->op].directory && n->type != S_IFDIR)
		return -ENOTDIR;
	if (ops[r->op].directory && (n->state & NODE_GONE))
		return -ENOENT;
	return ops[r->op].act ? ops[r->op].act(fs, r, data) : -EOPNOTSUPP; // fallocate, as Linux's
}

static void forget(struct volume_server *s, uint32_t node)
{
	struct p9 *fs = (struct p9 *)s;

	if (node != P9_ROOT && p9_node_get(fs, node))
		p9_node_drop(fs, node);
}

static const char dialect[] = "9P2000.L";

// What the server says of itself is at most what was asked for.
static int agree(struct p9 *fs)
{
	const uint32_t most = VOLUME_DATA_MAX + P9_DATA_HEADER;
	char version[sizeof(dialect)];
	uint32_t msize;
	int err;

	p9_begin(fs, P9_TVERSION);
	put_u32(fs, most);
	p9_put_string(fs, dialect, sizeof(dialect) - 1);
	err = p9_call(fs);
	if (err)
		return err;
	msize = get_u32(fs);
	if (p9_get_string(fs, version, sizeof(version)) != sizeof(dialect) - 1 ||
	    memcmp(version, dialect, sizeof(dialect) - 1))
		return p9_breach(fs, "it does not speak 9P2000.L");
	if (msize < P9_MESSAGE_MAX || msize > most)
		return p9_breach(fs, "messages too short or too long");
	fs->data_max = msize - P9_DATA_HEADER;
	return 0;
}

// As whom: nobody in particular, so that files belong to the server's own user.
static int attach(struct p9 *fs)
{
	p9_begin(fs, P9_TATTACH);
	put_u32(fs, p9_fid(P9_ROOT, FID_NAME));
	put_u32(fs, P9_NONE); // no fid for authentication
	p9_put_string(fs, "nobody", 6);
	p9_put_string(fs, "", 0);
	put_u32(fs, P9_NONE);
	return p9_call(fs);
}

int p9_start(struct p9 *fs)
{
	uint32_t root = p9_node_reserve(fs);
	struct volume_attr a = { .ino = 0 };
	int err = root ? agree(fs) : -ENOMEM;

	fs->server = (struct volume_server){ serve, forget, true };
	if (!err)
		err = attach(fs);
	if (!err)
		err = p9_fid_attr(fs, p9_fid(root, FID_NAME), &a);
	if (err) {
		if (!fs->broken)
			klog("the volume %s: its 9p server refuses it (error %d)", fs->name, -err);
		return err;
	}
	fs->own_uid[0] = fs->own_uid[1] = a.uid;
	fs->node[root].state |= NODE_NAME;
	p9_node_hash(fs, root, a.ino, a.mode);
	return 0;
}

void p9_end(struct p9 *fs)
{
	for (uint32_t i = P9_ROOT; i < fs->used; i++)
		p9_unkeep(&fs->node[i]);
	kfree(fs->node);
	fs->node = NULL;
}
