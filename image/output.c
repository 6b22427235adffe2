// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <unistd.h>

#include <image/output.h>

int output_write(int fd, const void *bytes, size_t len, uint64_t at)
{
	const char *p = bytes;

	while (len) {
		ssize_t n = pwrite(fd, p, len, (off_t)at);

		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			p += n;
			at += (uint64_t)n;
			len -= (size_t)n;
		}
	}
	return 0;
}
