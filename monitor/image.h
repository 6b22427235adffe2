// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The one door through which an image file comes in. After image_open() everything in
// include/pith/image.h has been checked: parts lie in the file and in the library OS's address
// range, tables are whole, strings end, and the checksum holds. The file stays mapped read-only;
// nothing of it is copied.
#ifndef MONITOR_IMAGE_H
#define MONITOR_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pith/image.h>
#include <host/failure.h>

#define IMAGE_SUM_ALWAYS (2ul << 20) // up to this length the sum is computed at every start

struct image {
	int fd;                          // of the image: the file, or unpacked in memory
	char path[4096];
	const uint8_t *map;
	size_t len;
	size_t file_len;                 // of the file; less than len if it is packed
	struct image_header header;      // the checked copy
	const struct manifest *manifest; // in the map
};

// Opens and checks. memory_dir is where the sums of large images are remembered between starts, or
// NULL. Gives 0 or a negative errno with *why; then nothing is left open.
int image_open(struct image *img, const char *path, const char *memory_dir, struct failure *why);
void image_close(struct image *img);

// Checks bytes in memory as image_open() does with those of a file, the sum only if `sum` is set.
// For the builder and the fuzzer.
int image_check(struct image *img, const uint8_t *map, size_t len, bool sum, struct failure *why);

// The sum of a whole file; sum_off is where the sum itself is in it (image_header.sum,
// packed_header.sum).
void image_sum(const uint8_t *map, size_t len, size_t sum_off, uint64_t sum[2]);

static inline const struct image_part *image_part(const struct image *img,
						  enum image_part_kind kind)
{
	return &img->header.part[kind];
}
static inline const uint8_t *image_bytes(const struct image *img, enum image_part_kind kind)
{
	return img->map + img->header.part[kind].off;
}
// A string of the manifest; "" for offset 0.
const char *image_string(const struct image *img, uint32_t off);

#endif
