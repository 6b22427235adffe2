// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Which large images had a good sum before: one small file for each in the state directory,
// "sum-DEVICE-INODE", which holds length and times. An image that was changed a moment ago is not
// remembered, because another change within the same tick of the file system's clock would not
// show. Losing these files costs only time.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <monitor/image_priv.h>

#define SETTLED_S 2

struct identity {
	char file[4200];
	char text[160];
};

static bool identify(const char *dir, const struct stat *st, struct identity *id)
{
	int n = snprintf(id->file, sizeof(id->file), "%s/sum-%lx-%lx", dir,
			 (unsigned long)st->st_dev, (unsigned long)st->st_ino);

	snprintf(id->text, sizeof(id->text), "%ld %ld.%09ld %ld.%09ld\n", (long)st->st_size,
		 (long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec, (long)st->st_ctim.tv_sec,
		 st->st_ctim.tv_nsec);
	return n > 0 && (size_t)n < sizeof(id->file);
}

bool image_sum_known(const char *dir, const struct stat *st)
{
	struct identity id;
	char text[sizeof(id.text)];
	ssize_t n;
	int fd;

	if (!identify(dir, st, &id))
		return false;
	fd = open(id.file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text));
	close(fd);
	return n > 0 && (size_t)n == strlen(id.text) && !memcmp(text, id.text, (size_t)n);
}

void image_sum_remember(const char *dir, const struct stat *st)
{
	struct identity id;
	int fd;

	if (time(NULL) - st->st_ctim.tv_sec < SETTLED_S || !identify(dir, st, &id))
		return;
	fd = open(id.file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return;
	if (write(fd, id.text, strlen(id.text)) < 0)
		unlink(id.file);
	close(fd);
}
