// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Where the content of files is, and reading it.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <image/tree.h>

void content_free(struct content *c)
{
	free(c->bytes);
	free(c->host);
	free(c->extent);
}

int node_set_bytes(struct node *n, const void *bytes, size_t len)
{
	char *copy = malloc(len + 1);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, bytes, len);
	copy[len] = 0;
	n->content.bytes = copy;
	n->size = len;
	return 0;
}

int node_set_host(struct node *n, const char *path, uint64_t size)
{
	n->content.host = strdup(path);
	n->size = size;
	return n->content.host ? 0 : -ENOMEM;
}

int node_add_extent(struct node *n, int fd, uint64_t off, uint64_t len, uint64_t at)
{
	struct content *c = &n->content;
	struct extent *last = c->extents ? &c->extent[c->extents - 1] : NULL;

	c->fd = fd;
	if (last && last->off + last->len == off && last->at + last->len == at) {
		last->len += len;
		return 0;
	}
	if (!(c->extents & (c->extents + 1))) { // room for 1, 3, 7, ...
		struct extent *more = realloc(c->extent, (c->extents * 2 + 1) * sizeof(*c->extent));

		if (!more)
			return -ENOMEM;
		c->extent = more;
	}
	c->extent[c->extents++] = (struct extent){ off, len, at };
	return 0;
}

size_t content_first(const struct content *c, uint64_t off)
{
	size_t low = 0, high = c->extents;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (c->extent[mid].off + c->extent[mid].len <= off)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

int node_open(const struct node *n, int *fd, struct failure *why)
{
	const char *host = n->content.host;
	struct stat st;
	int err = 0;

	*fd = n->content.fd;
	if (n->content.bytes || !host)
		return 0;
	*fd = open(host, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*fd < 0)
		return failure_errno(why, -errno, "cannot read %.500s", host);
	if (fstat(*fd, &st))
		err = failure_errno(why, -errno, "cannot read %.500s", host);
	else if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size != n->size)
		err = failure_set(why, -EIO, "%.500s was changed while it was read", host);
	if (err)
		close(*fd);
	return err;
}

void node_close(const struct node *n, int fd)
{
	if (n->content.host && !n->content.bytes)
		close(fd);
}

static int read_source(const struct node *n, int fd, char *buf, size_t len, uint64_t at,
		       struct failure *why)
{
	while (len) {
		ssize_t got = pread(fd, buf, len, (off_t)at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return failure_errno(why, got ? -errno : -EIO, "cannot read %.500s",
					     n->content.host ? n->content.host : "temporary file");
		buf += got;
		at += (uint64_t)got;
		len -= (size_t)got;
	}
	return 0;
}

int node_read(const struct node *n, int fd, void *buf, size_t len, uint64_t off,
	      struct failure *why)
{
	const struct content *c = &n->content;
	int err = 0;

	if (off > n->size || len > n->size - off)
		return failure_set(why, -EINVAL, "a read behind the end of a file");
	if (c->bytes) {
		memcpy(buf, c->bytes + off, len);
		return 0;
	}
	memset(buf, 0, len);
	for (size_t i = content_first(c, off);
	     i < c->extents && c->extent[i].off < off + len && !err; i++) {
		const struct extent *x = &c->extent[i];
		uint64_t from = x->off > off ? x->off : off;
		uint64_t end = x->off + x->len < off + len ? x->off + x->len : off + len;

		err = read_source(n, fd, (char *)buf + (from - off), end - from,
				  x->at + (from - x->off), why);
	}
	return err;
}
