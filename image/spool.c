// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <image/output.h>
#include <image/spool.h>

#define PAGE 4096u
#define ALIGN_SMALL 16u

int spool_open(struct spool *s, const char *folder, uint64_t limit, struct failure *why)
{
	char path[4096];
	struct statvfs fs;

	*s = (struct spool){ .fd = -1, .limit = limit, .folder = folder };
	if (snprintf(path, sizeof(path), "%s/spool.XXXXXX", folder) >= (int)sizeof(path))
		return failure_set(why, -ENAMETOOLONG, "%.500s: the path is too long", folder);
	s->fd = mkostemp(path, O_CLOEXEC);
	if (s->fd < 0 || unlink(path) || fstatvfs(s->fd, &fs))
		return failure_errno(why, -errno, "cannot make a temporary file in %.500s", folder);
	if (!limit)
		s->limit = (uint64_t)fs.f_bavail * fs.f_frsize / 2;
	return 0;
}

void spool_close(struct spool *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

int spool_count(struct spool *s, uint64_t bytes, const char *of, struct failure *why)
{
	s->unpacked += bytes;
	if (s->unpacked <= s->limit)
		return 0;
	return failure_set(
		why, -EFBIG,
		"%.400s unpacks to more than %llu MiB, the limit (by default half of what "
		"is free in %.200s): if that is right, raise it with --max-size",
		of, (unsigned long long)s->limit >> 20, s->folder);
}

uint64_t spool_place(struct spool *s, uint64_t size)
{
	uint64_t align = size >= PAGE ? PAGE : ALIGN_SMALL;

	s->len = (s->len + align - 1) & ~(align - 1);
	return s->len;
}

int spool_write(struct spool *s, const void *bytes, size_t len, uint64_t at, struct failure *why)
{
	int err = output_write(s->fd, bytes, len, at);

	if (err)
		return failure_errno(why, err, "cannot unpack to %.500s", s->folder);
	at += len;
	if (at > s->len)
		s->len = at;
	return 0;
}
