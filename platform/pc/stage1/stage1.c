// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Unpacks the image, if it is packed, and goes on to the start-up code in it. This is the one part of an
// image that is not packed itself, so it does no more than that. The boot loader has made room for
// all of it (PT_LOAD's p_memsz).
#include <pith/image.h>
#include <pith/stage1.h>
#include <monitor/branches.h>
#include <platform/pc/stage1/inflate.h>

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
		inflate(file + head->packed, image);
		branches_to_distances(image, head->unpacked_len);
		b.end += head->unpacked_len;
	}
	h = (const struct image_header *)(image + head->header);
	b.image = (uint64_t)image;
	b.header = (uint64_t)h;
	((void (*)(const struct stage1_boot *))(image + h->part[IMAGE_PART_START].off))(&b);
	__builtin_unreachable();
}
