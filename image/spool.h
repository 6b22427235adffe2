// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// One temporary file without a name for the contents of everything that is unpacked, and the limit
// on it: what is small and says that it is large (a decompression bomb) must not fill the disk.
#ifndef IMAGE_SPOOL_H
#define IMAGE_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include <host/failure.h>

struct spool {
	int fd;
	uint64_t len;
	uint64_t unpacked, limit; // bytes that came out of archives so far, and at most
	const char *folder;
};

// All that return int give 0 or a negative errno with *why.
//
// In a folder, which must stay. limit (bytes) 0: half of what is free there, for the image is
// written too.
int spool_open(struct spool *s, const char *folder, uint64_t limit, struct failure *why);
void spool_close(struct spool *s);

// Counts bytes that come out of an archive, `of` by name, whether they are kept or not. -EFBIG:
// that is more than the limit.
int spool_count(struct spool *s, uint64_t bytes, const char *of, struct failure *why);
// The place for the next file of this size: large ones on a page, so that they can be mapped.
uint64_t spool_place(struct spool *s, uint64_t size);
int spool_write(struct spool *s, const void *bytes, size_t len, uint64_t at, struct failure *why);

#endif
