// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Operations on names. A name never leads out of its directory: it is one component, and links are
// not followed.
#include <monitor/dev/volume_op.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TARGET_MAX 4095u // PATH_MAX with its NUL

static int open_beneath(const struct node *dir, const char *name, uint64_t flags, uint64_t mode)
{
	struct open_how how = {
		.flags = flags | O_NOFOLLOW | O_CLOEXEC,
		.mode = mode,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS,
	};
	int fd = (int)syscall(SYS_openat2, dir->fd, name, &how, sizeof(how));

	return fd < 0 ? -errno : fd;
}

// Takes the descriptor of what is at a name; the answer is its node and attributes.
static int64_t answer(struct volume_call *c, int fd, enum node_access access)
{
	struct statx stx;
	int64_t nr;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &stx)) {
		nr = -errno;
		close(fd);
		return nr;
	}
	nr = node_find(c->v, c->node->volume, &stx);
	if (nr)
		close(fd);
	else
		nr = node_make(c->v, c->node->volume, fd, access, &stx);
	if (nr < 0)
		return nr;
	volume_attr_fill(c->v, &c->rq.attr, &stx);
	c->rq.found = (uint32_t)nr;
	return 0;
}

int64_t volume_lookup(struct volume_call *c)
{
	int fd = open_beneath(c->node, c->name, O_PATH, 0);

	return fd < 0 ? fd : answer(c, fd, NODE_PATH);
}

static int make_link(struct volume_call *c)
{
	char target[TARGET_MAX + 1];

	if (c->rq.len > TARGET_MAX)
		return -ENAMETOOLONG;
	memcpy(target, c->data, c->rq.len);
	target[c->rq.len] = 0;
	if (strlen(target) != c->rq.len)
		return -EINVAL;
	return symlinkat(target, c->node->fd, c->name) ? -errno : 0;
}

int64_t volume_create(struct volume_call *c)
{
	uint32_t mode = c->rq.mode & 0777;
	int r;

	switch (c->rq.mode & S_IFMT) {
	case S_IFREG:
		r = open_beneath(c->node, c->name, O_RDWR | O_CREAT | O_EXCL | O_NOCTTY, mode);
		return r < 0 ? r : answer(c, r, NODE_WRITE);
	case S_IFDIR:
		mode |= c->rq.mode & (S_ISVTX | S_ISGID);
		r = mkdirat(c->node->fd, c->name, mode) ? -errno : 0;
		break;
	case S_IFLNK:
		r = make_link(c);
		break;
	case S_IFIFO:
	case S_IFSOCK:
		mode |= c->rq.mode & S_IFMT;
		r = mknodat(c->node->fd, c->name, mode, 0) ? -errno : 0;
		break;
	default:
		return -EPERM;
	}
	return r ? r : volume_lookup(c);
}

int64_t volume_link(struct volume_call *c)
{
	char from[16];

	if (c->other->type == S_IFDIR)
		return -EPERM;
	snprintf(from, sizeof(from), "%d", c->other->fd);
	return linkat(c->v->proc_fd, from, c->node->fd, c->name, AT_SYMLINK_FOLLOW) ? -errno : 0;
}

// The number of what is at a name, if it is of that type and the guest knows it; else 0.
static uint32_t known_at(struct volume_call *c, const struct node *dir, const char *name,
			 uint16_t type)
{
	struct statx stx;

	if (statx(dir->fd, name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &stx) ||
	    (stx.stx_mode & S_IFMT) != type)
		return 0;
	return node_find(c->v, dir->volume, &stx);
}

int64_t volume_unlink(struct volume_call *c)
{
	int flags = c->rq.flags & VOLUME_F_DIRECTORY ? AT_REMOVEDIR : 0;
	uint32_t known = flags ? 0 : known_at(c, c->node, c->name, S_IFREG);

	if (unlinkat(c->node->fd, c->name, flags))
		return -errno;
	c->rq.found = known;
	return 0;
}


int64_t volume_rename(struct volume_call *c)
{
	unsigned flags = (c->rq.flags & VOLUME_F_NOREPLACE ? RENAME_NOREPLACE : 0) |
			 (c->rq.flags & VOLUME_F_EXCHANGE ? RENAME_EXCHANGE : 0);

	// libc would make renameat of it where there are no flags.
	if (syscall(SYS_renameat2, c->node->fd, c->name, c->other->fd, c->name2, flags))
		return -errno;
	c->rq.found = known_at(c, c->other, c->name2, S_IFDIR);
	if (flags & RENAME_EXCHANGE)
		c->rq.found2 = known_at(c, c->node, c->name, S_IFDIR);
	return 0;
}

int64_t volume_readdir(struct volume_call *c)
{
	struct node *n = c->node;
	ssize_t got;

	if (n->dir_pos != c->rq.off && lseek(n->fd, (off_t)c->rq.off, SEEK_SET) < 0)
		return -errno;
	got = getdents64(n->fd, c->data, c->rq.len);
	if (got < 0)
		got = -errno;
	n->dir_pos = (uint64_t)lseek(n->fd, 0, SEEK_CUR);
	return got;
}

int64_t volume_readlink(struct volume_call *c)
{
	ssize_t n = readlinkat(c->node->fd, "", c->data, c->rq.len);

	return n < 0 ? -errno : n;
}
