// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The files that the guest knows, by number; it lets go of them by VOLUME_FORGET. A file that has
// lost its last name stays as long as it is known.
#include <fs/ext4/priv.h>
#include <mm/mm.h>

#define CHUNK 64u

static struct node **bucket_of(struct ext4 *fs, uint32_t ino)
{
	return &fs->nodes[ino % NODE_BUCKETS];
}

struct node *node_find(struct ext4 *fs, uint32_t ino)
{
	struct node *n = *bucket_of(fs, ino);

	while (n && n->ino != ino)
		n = n->next;
	return n;
}

struct node *node_at(struct ext4 *fs, uint32_t number)
{
	struct node *n = number && number <= fs->node_count ? fs->node_at[number - 1] : NULL;

	return n && n->ino ? n : NULL;
}

static bool more(struct ext4 *fs)
{
	struct node **at;
	struct node *n;

	if (fs->node_count == VOLUME_NODE_MAX)
		return false;
	if (fs->node_count % CHUNK == 0) {
		at = krealloc(fs->node_at, (fs->node_count + CHUNK) * sizeof(*at));
		if (!at)
			return false;
		fs->node_at = at;
	}
	n = kzalloc(sizeof(*n));
	if (!n)
		return false;
	n->number = fs->node_count + 1;
	fs->node_at[fs->node_count++] = n;
	fs->node_free = n;
	return true;
}

struct node *node_make(struct ext4 *fs, uint32_t ino)
{
	struct node *n = node_find(fs, ino);

	if (n || (!fs->node_free && !more(fs)))
		return n;
	n = fs->node_free;
	fs->node_free = n->next;
	*n = (struct node){ .ino = ino, .number = n->number, .next = *bucket_of(fs, ino) };
	*bucket_of(fs, ino) = n;
	return n;
}

void node_drop(struct ext4 *fs, struct node *n)
{
	struct node **p = bucket_of(fs, n->ino);

	while (*p != n)
		p = &(*p)->next;
	*p = n->next;
	n->ino = 0;
	n->next = fs->node_free;
	fs->node_free = n;
}

int nodes_init(struct ext4 *fs)
{
	return node_make(fs, ROOT_INO) ? 0 : -ENOMEM; // number 1
}

// The guest is at its end: nobody knows anything any more.
int nodes_reap(struct ext4 *fs)
{
	struct inode in;

	for (uint32_t i = 1; i < fs->node_count; i++) {
		struct node *n = fs->node_at[i];
		int r = n->ino ? inode_get(fs, n->ino, &in) : 0;

		if (!r && n->ino && !in.raw->links)
			r = orphan_reap(fs, n->ino);
		if (r)
			return r;
		cache_trim(fs);
	}
	return 0;
}

void nodes_free(struct ext4 *fs)
{
	for (uint32_t i = 0; i < fs->node_count; i++)
		kfree(fs->node_at[i]);
	kfree(fs->node_at);
	fs->node_at = NULL;
	fs->node_count = 0;
}
