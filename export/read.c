// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See read.h.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <export/read.h>

int read_fd(int fd, size_t max, uint8_t **bytes, size_t *len)
{
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st))
		return -errno;
	if (st.st_size <= 0 || (uint64_t)st.st_size > max)
		return -EFBIG;
	*len = (size_t)st.st_size;
	*bytes = malloc(*len);
	if (!*bytes)
		return -ENOMEM;
	n = pread(fd, *bytes, *len, 0);
	if (n == (ssize_t)*len)
		return 0;
	free(*bytes);
	*bytes = NULL;
	return n < 0 ? -errno : -EIO;
}

int read_file(const char *path, const char *package, size_t max, uint8_t **bytes, size_t *len,
	      struct failure *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;

	if (fd < 0 && errno == ENOENT)
		return failure_set(why, -ENOENT,
				   "%s is needed and is not there: apt-get install %s", path,
				   package);
	if (fd < 0)
		return failure_errno(why, -errno, "cannot read %s", path);
	err = read_fd(fd, max, bytes, len);
	close(fd);
	return err ? failure_errno(why, err, "cannot read %s", path) : 0;
}
