// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Memory; see pool.h. A block that is free holds the pointer to the next free one of its class.
#include "pool.h"

#include <sys/mman.h>

#define CLASS_MIN 6 // 64 bytes
#define CLASSES 10  // up to 32 KiB
#define PIECE 65536u

struct free_block {
	struct free_block *next;
};

static struct free_block *free_lists[CLASSES];
static char *piece;
static size_t piece_left;
static size_t budget;

void pool_init(size_t limit)
{
	budget = limit;
}

static unsigned class_of(size_t size)
{
	unsigned c = 0;

	while ((size_t)1 << (c + CLASS_MIN) < size)
		c++;
	return c;
}

void *pool_get(size_t size)
{
	unsigned c = class_of(size);
	struct free_block *block = free_lists[c];
	size_t whole = (size_t)1 << (c + CLASS_MIN);
	char *p;

	if (block) {
		free_lists[c] = block->next;
		return block;
	}
	if (piece_left < whole) {
		if (budget < PIECE)
			return NULL;
		p = mmap(NULL, PIECE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (p == MAP_FAILED)
			return NULL;
		// What is left of the last piece serves smaller blocks.
		for (unsigned rest = CLASSES; rest-- > 0;) {
			size_t n = (size_t)1 << (rest + CLASS_MIN);

			for (; piece_left >= n; piece_left -= n, piece += n)
				pool_put(piece, n);
		}
		budget -= PIECE;
		piece = p;
		piece_left = PIECE;
	}
	p = piece;
	piece += whole;
	piece_left -= whole;
	return p;
}

void pool_put(void *block, size_t size)
{
	unsigned c = class_of(size);
	struct free_block *b = block;

	b->next = free_lists[c];
	free_lists[c] = b;
}
