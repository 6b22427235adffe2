// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Blocks on their way to the disk, sorted, and neighbours in one go: each request of a device costs
// far more than a block.
#include <fs/ext4/priv.h>
#include <mm/mm.h>

int stage_end(struct ext4 *fs, struct stage *s)
{
	int r = s->used ? dev_write(fs, s->block, fs->stage, (size_t)s->used * fs->bs) : 0;

	s->used = 0;
	return r;
}

int stage_put(struct ext4 *fs, struct stage *s, uint64_t block, const void *data)
{
	int r = 0;

	if (s->used && (s->block + s->used != block || s->used == fs->stage_len))
		r = stage_end(fs, s);
	if (!s->used)
		s->block = block;
	memcpy(fs->stage + (size_t)s->used++ * fs->bs, data, fs->bs);
	return r;
}

// Merges the list `b`, sorted, into the list `a`, sorted: singly linked by next_op, which no buffer
// uses between operations.
static struct buf *merge(struct buf *a, struct buf *b)
{
	struct buf *head = NULL, **end = &head;

	while (a && b) {
		struct buf **least = a->block < b->block ? &a : &b;

		*end = *least;
		end = &(*least)->next_op;
		*least = *end;
	}
	*end = a ? a : b;
	return head;
}

static struct buf *sorted(const struct list *l)
{
	struct buf *part[32] = { NULL }, *all = NULL; // part[i]: 2^i of them

	list_for_each(p, l) {
		struct buf *b = list_entry(p, struct buf, link);
		unsigned i = 0;

		b->next_op = NULL;
		for (; part[i]; i++) {
			b = merge(part[i], b);
			part[i] = NULL;
		}
		part[i] = b;
	}
	for (unsigned i = 0; i < ARRAY_LEN(part); i++)
		all = merge(all, part[i]);
	return all;
}

int write_list(struct ext4 *fs, struct list *l, uint32_t count)
{
	struct stage s = { .used = 0 };
	int r = 0;

	for (struct buf *b = sorted(l); b && !r; b = b->next_op)
		r = stage_put(fs, &s, b->block, b->data);
	return r ? r : stage_end(fs, &s);
}
