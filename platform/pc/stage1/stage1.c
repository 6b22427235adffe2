// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Unpacks the image, if it is packed, and goes on to the start-up code in it. This is the one part of an
// image that is not packed itself, so it does no more than that. The boot loader has made room for
// all of it (PT_LOAD's p_memsz).
#include <pith/image.h>
#include <pith/stage1.h>
#include <monitor/branches.h>

// One LZ4 block (lz4_Block_format.md): sequences of a token, literals, and a match. Nothing is
// checked but the end of the output: the builder has made it, and a boot loader that damaged it has
// damaged this code as well.
static void unlz4(const uint8_t *in, const uint8_t *in_end, uint8_t *out)
{
	while (in < in_end) {
		unsigned token = *in++;
		unsigned long n = token >> 4;
		const uint8_t *from;

		if (n == 15)
			do
				n += *in;
			while (*in++ == 255);
		__asm__ volatile("rep movsb" : "+S"(in), "+D"(out), "+c"(n)::"memory");
		if (in >= in_end)
			return;
		from = out - (in[0] | in[1] << 8);
		in += 2;
		n = token & 15;
		if (n == 15)
			do
				n += *in;
			while (*in++ == 255);
		n += 4;
		__asm__ volatile("rep movsb" : "+S"(from), "+D"(out), "+c"(n)::"memory");
	}
}

void stage1_main(const struct stage1_head *head, uint64_t magic, uint64_t info) __attribute__((noreturn));
void stage1_main(const struct stage1_head *head, uint64_t magic, uint64_t info)
{
	uint8_t *file = (uint8_t *)head - head->self;
	uint8_t *workspace = file + head->workspace, *image = file;
	struct stage1_boot b = { .magic = magic,
				 .info = info,
				 .file = (uint64_t)file,
				 .file_len = head->file_len,
				 .end = (uint64_t)workspace + STAGE1_WORKSPACE,
				 .tables = (uint64_t)workspace };
	const struct image_header *h;

	if (head->unpacked_len) {
		image = (uint8_t *)b.end;
		unlz4(file + head->packed, file + head->packed + head->packed_len, image);
		branches_to_distances(image, head->unpacked_len);
		b.end += head->unpacked_len;
	}
	h = (const struct image_header *)(image + head->header);
	b.image = (uint64_t)image;
	b.header = (uint64_t)h;
	((void (*)(const struct stage1_boot *))(image + h->part[IMAGE_PART_START].off))(&b);
	__builtin_unreachable();
}
