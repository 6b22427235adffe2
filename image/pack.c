// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The outer file of a packed image: the ELF head with the note, stage one for pc, the bytes.
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#include <pith/image.h>
#include <image/elf_head.h>
#include <image/pack.h>
#include <monitor/branches.h>
#include <monitor/image.h>

#define LEVEL_MAX 12 // of libdeflate: the smallest that it can do

struct outer {
	struct elf_head elf;
	struct packed_header header;
};
_Static_assert(sizeof(struct outer) == 384, "nothing is padded by the compiler");

static void fill(struct outer *o, size_t stage1, size_t packed, size_t unpacked)
{
	elf_head_fill(&o->elf, PITH_NOTE_PACKED, sizeof(o->header));
	o->header = (struct packed_header){ .version = IMAGE_PACKED_VERSION,
					    .method = IMAGE_PACKED_DEFLATE,
					    .file_len = sizeof(*o) + stage1 + packed,
					    .off = sizeof(*o) + stage1,
					    .len = packed,
					    .unpacked_len = unpacked };
}

// Gives the bytes that it takes, at most `room`; 0: it does not get smaller, or no memory.
static size_t compress(const uint8_t *image, size_t len, uint8_t *to, size_t room)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(LEVEL_MAX);
	uint8_t *copy = malloc(len);
	size_t n = 0;

	if (c && copy) {
		memcpy(copy, image, len);
		branches_to_addresses(copy, len);
		n = libdeflate_deflate_compress(c, copy, len, to, room);
	}
	free(copy);
	libdeflate_free_compressor(c);
	return n;
}

uint8_t *pack_image(const uint8_t *image, size_t len, size_t header, const void *stage1,
		    size_t stage1_len, size_t *packed_len)
{
	size_t front = sizeof(struct outer) + stage1_len, n;
	uint8_t *out = malloc(front + len);
	struct pc_boot boot = { .stage1 = sizeof(struct outer),
				.packed = front,
				.unpacked_len = len,
				.header = header };
	struct outer o;

	n = out ? compress(image, len, out + front, len) : 0;
	boot.packed_len = n;
	boot.file_len = *packed_len = front + n;
	fill(&o, stage1_len, n, len);
	if (!n || *packed_len >= len) {
		free(out);
		return NULL;
	}
	if (stage1_len) {
		memcpy(out + sizeof(o), stage1, stage1_len);
		elf_head_boot(&o.elf, (struct stage1_head *)(out + sizeof(o)), &boot);
	}
	memcpy(out, &o, sizeof(o));
	image_sum(out, *packed_len, offsetof(struct outer, header.sum), o.header.sum);
	memcpy(out, &o, sizeof(o));
	return out;
}
