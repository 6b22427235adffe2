// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The bytes of a node, decompressed by whatever libarchive has for them (gzip, bzip2, xz, lzma,
// zstd, lz4, lzip, compress) or as they are; counted, and with digests before and after.
#ifndef IMAGE_INFLATE_H
#define IMAGE_INFLATE_H

#include <image/digest.h>
#include <image/spool.h>
#include <image/tree.h>

struct inflate {
	const char *name;    // for messages
	struct spool *spool; // counts
	struct digest packed, unpacked;
	struct archive *archive;
	const struct node *node;
	int fd;
	uint64_t at;	// in the node
	uint64_t total; // bytes unpacked
	char *buffer;
	struct failure *why;
	int err; // of reading; *why is set then
};

// packed, unpacked: what the digests must be, or NULL. 0 or a negative errno with *why.
int inflate_open(struct inflate *in, const struct node *n, const char *name, struct spool *spool,
		 const struct digest *packed, const struct digest *unpacked, struct failure *why);
// The next bytes, which stay until the next call: 1, 0 at the end, or a negative errno.
int inflate_next(struct inflate *in, const void **bytes, size_t *len);
// Reads what is left, and compares the digests. 0 or a negative errno: -EBADMSG, it is another one.
int inflate_finish(struct inflate *in);
void inflate_close(struct inflate *in);

#endif
