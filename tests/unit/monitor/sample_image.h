// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A small sound image in memory, for tests to spoil. Its parts, in the order of the file: see
// sample_image.c.
#ifndef SAMPLE_IMAGE_H
#define SAMPLE_IMAGE_H

#include <pith/image.h>

#define SAMPLE_LEN (6 * 4096ul)
#define SAMPLE_RELOC_WORD                                                                          \
	0x40 /* where in DATA the one relocated word is; it holds SAMPLE_RELOC_VALUE */
#define SAMPLE_RELOC_VALUE 0x1234

struct sample {
	_Alignas(4096) uint8_t bytes[SAMPLE_LEN];
	struct image_header *header;
	struct manifest *manifest;
};

void sample_make(struct sample *s);
void sample_seal(struct sample *s); // the sum again, after a change

#endif
