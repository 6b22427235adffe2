// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Requests, from the front (drivers/volumes.h), to the operations. The front has checked names,
// lengths and flags; here it is whether the nodes are there and what the operation needs.
#include <fs/ext4/priv.h>
#include <sched/sched.h>

#define OPEN 0x1     // node has been opened
#define WRITABLE 0x2 // for writing
#define OTHER 0x4

static const struct {
	int64_t (*act)(struct call *c);
	unsigned needs;
} ops[VOLUME_OPS] = {
	[VOLUME_LOOKUP] = { do_lookup, 0 },
	[VOLUME_CREATE] = { do_create, 0 },
	[VOLUME_LINK] = { do_link, OTHER },
	[VOLUME_UNLINK] = { do_unlink, 0 },
	[VOLUME_RENAME] = { do_rename, OTHER },
	[VOLUME_READDIR] = { do_readdir, OPEN },
	[VOLUME_READLINK] = { do_readlink, 0 },
	[VOLUME_GETATTR] = { do_getattr, 0 },
	[VOLUME_SETATTR] = { do_setattr, 0 },
	[VOLUME_OPEN] = { do_open, 0 },
	[VOLUME_READ] = { do_read, OPEN },
	[VOLUME_WRITE] = { do_write, WRITABLE },
	[VOLUME_SEEK] = { do_seek, OPEN },
	[VOLUME_ALLOCATE] = { do_allocate, WRITABLE },
	[VOLUME_FSYNC] = { do_fsync, OPEN },
	[VOLUME_SYNCFS] = { do_syncfs, OPEN },
	[VOLUME_STATFS] = { do_statfs, 0 },
};

static int64_t serve(struct volume_server *s, struct volume_request *r, uint8_t *data)
{
	struct ext4 *fs = container_of(s, struct ext4, server);
	struct call c = { .fs = fs, .r = r, .data = data };
	int64_t result;

	if (r->op >= VOLUME_OPS || !ops[r->op].act)
		return -ENOSYS;
	c.node = node_at(fs, r->node);
	if (!c.node)
		return -ESTALE;
	if (((ops[r->op].needs & OPEN) && !c.node->opened) ||
	    ((ops[r->op].needs & WRITABLE) && !c.node->writable))
		return -EBADF;
	if (ops[r->op].needs & OTHER) {
		c.other = node_at(fs, r->other);
		if (!c.other)
			return -ESTALE;
	}
	result = ops[r->op].act(&c);
	cache_trim(fs);
	return result;
}

static void forget(struct volume_server *s, uint32_t number)
{
	struct ext4 *fs = container_of(s, struct ext4, server);
	struct node *n = node_at(fs, number);
	struct inode in;
	uint32_t ino;

	if (!n || n->ino == ROOT_INO)
		return;
	ino = n->ino;
	node_drop(fs, n);
	// If that fails it stays on the list of orphans.
	if (!fs->readonly && !inode_get(fs, ino, &in) && !in.raw->links)
		orphan_reap(fs, ino);
	cache_trim(fs);
}

struct volume_server *ext4_server(struct ext4 *fs)
{
	fs->server = (struct volume_server){ .serve = serve, .forget = forget };
	return &fs->server;
}

uint64_t ext4_tick_time(const struct ext4 *fs)
{
	return fs->tx_since && !fs->broken ? fs->tx_since + EXT4_COMMIT_NS : UINT64_MAX;
}

void ext4_tick(struct ext4 *fs)
{
	if (ext4_tick_time(fs) > time_now())
		return;
	commit(fs);
	cache_trim(fs);
}
