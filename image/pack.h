// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Packed images: struct packed_header of include/pith/image.h.
#ifndef IMAGE_PACK_H
#define IMAGE_PACK_H

#include <stddef.h>
#include <stdint.h>

#define PACK_UP_TO \
	(2ul << 20) // larger images are mapped in place, so that only what is used of them is read

// Gives a packed image of a whole one, whose struct image_header is at `header`: malloc'ed,
// *packed_len bytes; NULL where that is not smaller, or there is no memory. stage1: the code that
// unpacks it on a PC; stage1_len 0: not for pc.
uint8_t *pack_image(const uint8_t *image, size_t len, size_t header, const void *stage1,
		    size_t stage1_len, size_t *packed_len);

#endif
