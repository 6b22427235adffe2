// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <drivers/p9/node.h>

#include <core/klib.h>
#include <fs/abi.h>
#include <mm/mm.h>

#define NODES_MAX 32768u
#define ROOM_FIRST 64u

static uint32_t *bucket_of(struct p9 *fs, uint64_t path)
{
	return &fs->bucket[path * 0x9e3779b97f4a7c15ull >> 56];
}

struct p9_node *p9_node_get(struct p9 *fs, uint32_t node)
{
	return node && node < fs->used && (fs->node[node].state & NODE_USED) ? &fs->node[node] :
									       NULL;
}

uint32_t p9_node_find(const struct p9 *fs, uint64_t path)
{
	uint32_t i = *bucket_of((struct p9 *)fs, path);

	while (i && fs->node[i].path != path)
		i = fs->node[i].next;
	return i;
}

static bool grow(struct p9 *fs)
{
	uint32_t room = fs->room ? MIN(2 * fs->room, NODES_MAX) : ROOM_FIRST;
	struct p9_node *more = room > fs->room ? krealloc(fs->node, room * sizeof(*more)) : NULL;

	if (!more)
		return false;
	memset(more + fs->room, 0, (room - fs->room) * sizeof(*more));
	fs->node = more;
	fs->room = room;
	return true;
}

uint32_t p9_node_reserve(struct p9 *fs)
{
	uint32_t i = fs->free;

	if (!fs->used)
		fs->used = P9_ROOT;
	if (!i && fs->used >= fs->room && !grow(fs))
		return 0;
	if (i)
		fs->free = fs->node[i].next;
	else
		i = fs->used++;
	fs->node[i] = (struct p9_node){ .state = NODE_USED };
	return i;
}

void p9_node_hash(struct p9 *fs, uint32_t node, uint64_t path, uint32_t mode)
{
	struct p9_node *n = &fs->node[node];

	n->path = path;
	n->type = mode & S_IFMT;
	n->state |= NODE_HASHED;
	n->next = *bucket_of(fs, path);
	*bucket_of(fs, path) = node;
}

void p9_node_unhash(struct p9 *fs, uint32_t node)
{
	struct p9_node *n = &fs->node[node];
	uint32_t *p = bucket_of(fs, n->path);

	if (!(n->state & NODE_HASHED))
		return;
	while (*p != node)
		p = &fs->node[*p].next;
	*p = n->next;
	n->state &= (uint16_t)~NODE_HASHED;
}

void p9_node_replaced(struct p9 *fs, uint32_t node)
{
	p9_node_unhash(fs, node);
	fs->node[node].state |= NODE_GONE;
}

void p9_clunk(struct p9 *fs, uint32_t fid)
{
	p9_begin(fs, P9_TCLUNK);
	put_u32(fs, fid);
	p9_call(fs); // the fid is free whatever the server says
}

int p9_clone(struct p9 *fs, uint32_t from, uint32_t to)
{
	int r;

	p9_begin(fs, P9_TWALK);
	put_u32(fs, from);
	put_u32(fs, to);
	p9_put(fs, 0, 2);
	r = p9_call(fs);
	return r ? r : p9_get(fs, 2) ? p9_breach(fs, "a walk that went further") : p9_took(fs);
}

static const uint16_t fid_state[FIDS] = { NODE_NAME, NODE_READ, NODE_WRITE, NODE_APPEND };

int p9_open_fid(struct p9 *fs, uint32_t node, enum node_fid which, uint32_t flags)
{
	uint32_t fid = p9_fid(node, which);
	int r = fs->node[node].state & NODE_GONE ? -ENOENT :
						   p9_clone(fs, p9_fid(node, FID_NAME), fid);

	if (r)
		return r;
	p9_begin(fs, P9_TLOPEN);
	put_u32(fs, fid);
	put_u32(fs, flags | O_LARGEFILE);
	r = p9_call(fs);
	if (r)
		p9_clunk(fs, fid);
	else
		fs->node[node].state |= fid_state[which];
	return r;
}

void p9_node_drop(struct p9 *fs, uint32_t node)
{
	struct p9_node *n = &fs->node[node];

	p9_node_unhash(fs, node);
	p9_unkeep(n);
	for (unsigned i = 0; i < FIDS; i++) {
		if (n->state & fid_state[i])
			p9_clunk(fs, p9_fid(node, i));
	}
	n->state = 0;
	n->next = fs->free;
	fs->free = node;
}
