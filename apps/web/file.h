// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Open files. Those asked for lately are kept open in a small cache, the small ones with their
// content; once a second at most it is checked whether the name still means the same file.
#ifndef WEB_FILE_H
#define WEB_FILE_H

#include "text.h"

#define CONTENT_MAX 8192  // bytes of a file whose content is kept

// Counted: a connection that is sending it, and the cache, hold one count each.
struct file {
	unsigned refs;
	int fd;
	uint64_t size;
	uint64_t inode;
	int64_t modified;
	long modified_ns;
	int64_t checked_ms;
	int64_t used_ms;
	const char *type;
	char *content;      // NULL: not kept
	size_t bytes;       // of this block
	unsigned etag_len;
	char etag[64];      // with its quotes
	char path[];
};

// 0, or a negative errno.
int files_open_root(const char *dir);
int files_root(void);

// The regular file of that name below the root. 0 and a count in *file; or a negative errno:
// -EISDIR for a directory, -EACCES also for what is neither.
int file_get(const char *path, struct file **file);
void file_put(struct file *f);

#endif
