// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <monitor/dev/volume_node.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define NODES_MAX 65536u
#define FDS_LEFT 256u // descriptors that the rest of the monitor may need
#define BUCKETS 4096u

struct volume_nodes {
	struct node *node; // [1, used) have been given out; node 0 is none
	uint32_t room, used, free;
	uint32_t bucket[BUCKETS];
};

// The limit of descriptors goes up to what the host allows: each node is one.
static uint32_t node_limit(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r))
		return FDS_LEFT;
	if (r.rlim_cur < r.rlim_max) {
		struct rlimit more = { r.rlim_max, r.rlim_max };

		if (!setrlimit(RLIMIT_NOFILE, &more))
			r = more;
	}
	if (r.rlim_cur > NODES_MAX + FDS_LEFT)
		return NODES_MAX;
	return r.rlim_cur > 2 * FDS_LEFT ? (uint32_t)r.rlim_cur - FDS_LEFT : FDS_LEFT;
}

static uint32_t bucket_of(unsigned volume, uint64_t dev, uint64_t ino)
{
	uint64_t h = (ino ^ dev << 17 ^ (uint64_t)volume << 56) * 0x9e3779b97f4a7c15ull;

	return (uint32_t)(h >> 52) % BUCKETS;
}

static uint64_t dev_of(const struct statx *stx)
{
	return makedev(stx->stx_dev_major, stx->stx_dev_minor);
}

struct node *node_get(const struct volumes *v, uint32_t number)
{
	struct volume_nodes *t = v->nodes;

	return number && number < t->used && t->node[number].access != NODE_FREE ? &t->node[number]
										  : NULL;
}

uint32_t node_number(const struct volumes *v, const struct node *n)
{
	return (uint32_t)(n - v->nodes->node);
}

uint32_t node_find(const struct volumes *v, unsigned volume, const struct statx *stx)
{
	const struct volume_nodes *t = v->nodes;
	uint64_t dev = dev_of(stx);
	uint32_t i = t->bucket[bucket_of(volume, dev, stx->stx_ino)];

	while (i && (t->node[i].ino != stx->stx_ino || t->node[i].dev != dev ||
		     t->node[i].volume != volume))
		i = t->node[i].next;
	return i;
}

int64_t node_make(struct volumes *v, unsigned volume, int fd, enum node_access access,
		  const struct statx *stx)
{
	struct volume_nodes *t = v->nodes;
	uint32_t i = t->free, *bucket = &t->bucket[bucket_of(volume, dev_of(stx), stx->stx_ino)];

	if (!i && t->used == t->room) {
		close(fd);
		return -ENFILE;
	}
	if (i)
		t->free = t->node[i].next;
	else
		i = t->used++;
	t->node[i] = (struct node){ .fd = fd, .access = (uint8_t)access, .volume = (uint8_t)volume,
				    .type = stx->stx_mode & S_IFMT, .next = *bucket,
				    .dev = dev_of(stx), .ino = stx->stx_ino };
	*bucket = i;
	return i;
}

void node_forget(struct volumes *v, uint32_t number)
{
	struct volume_nodes *t = v->nodes;
	struct node *n = node_get(v, number);
	uint32_t *p;

	if (!n || number <= v->count)
		return;
	for (p = &t->bucket[bucket_of(n->volume, n->dev, n->ino)]; *p != number;)
		p = &t->node[*p].next;
	*p = n->next;
	close(n->fd);
	n->access = NODE_FREE;
	n->next = t->free;
	t->free = number;
}

int node_reopen(const struct volumes *v, const struct node *n, int flags)
{
	char name[16];
	int fd;

	snprintf(name, sizeof(name), "%d", n->fd);
	fd = openat(v->proc_fd, name, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

int node_open(const struct volumes *v, struct node *n, bool write)
{
	enum node_access access = write ? NODE_WRITE : NODE_READ;
	int fd;

	if (n->type != S_IFREG && n->type != S_IFDIR)
		return -EINVAL; // pipes and sockets are the guest's own, devices nobody's
	if (n->access == NODE_WRITE || n->access == access ||
	    (write && n->access == NODE_WRITE_ONLY))
		return 0;
	if (n->type == S_IFDIR)
		fd = node_reopen(v, n, O_RDONLY | O_DIRECTORY);
	else
		fd = node_reopen(v, n, write || n->access == NODE_WRITE_ONLY ? O_RDWR : O_RDONLY);
	if (fd == -EACCES && write && n->access == NODE_PATH) {
		fd = node_reopen(v, n, O_WRONLY);
		access = NODE_WRITE_ONLY;
	}
	if (fd < 0)
		return fd;
	close(n->fd);
	n->fd = fd;
	n->access = (uint8_t)(n->access == NODE_WRITE_ONLY ? NODE_WRITE : access);
	n->dir_pos = 0;
	return 0;
}

int nodes_create(struct volumes *v)
{
	struct volume_nodes *t = calloc(1, sizeof(*t));

	v->nodes = t;
	if (!t)
		return -ENOMEM;
	t->room = node_limit();
	t->used = 1;
	t->node = calloc(t->room, sizeof(*t->node));
	if (!t->node)
		return -ENOMEM;
	for (unsigned i = 0; i < v->count; i++) {
		int fd = fcntl(v->at[i].fd, F_DUPFD_CLOEXEC, 0);
		struct statx stx;

		if (fd < 0 || statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &stx))
			return -errno;
		node_make(v, i, fd, NODE_PATH, &stx);
	}
	return 0;
}

void nodes_free(struct volumes *v)
{
	struct volume_nodes *t = v->nodes;

	for (uint32_t i = 1; t && i < t->used; i++) {
		if (t->node[i].access != NODE_FREE)
			close(t->node[i].fd);
	}
	if (t)
		free(t->node);
	free(t);
	v->nodes = NULL;
}
