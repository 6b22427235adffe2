// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Listing directories.
#include <fs/abi.h>
#include <fs/file.h>
#include <fs/vnode.h>

// See fs/sys_open.c: who lists directories, changes names or sizes, or syncs, can have volumes.
void *const fs_getdents_needs[] __attribute__((used)) = { (void *)volfs_mount };

struct dirent_sink {
	struct dir_sink sink;
	uint8_t *user;
	size_t left, used;
	bool old;   // struct linux_dirent: the type comes last, behind the name
	int error;  // why an entry was not taken
};

static bool dirent_emit(struct dir_sink *sink, const char *name, size_t len, uint64_t ino,
			unsigned dtype, uint64_t next_off)
{
	struct dirent_sink *s = container_of(sink, struct dirent_sink, sink);
	struct {
		uint64_t ino, off;
		uint16_t len;
		char name[NAME_MAX + 8];
	} __attribute__((packed)) d;
	size_t head = s->old ? 0 : 1, size = ALIGN_UP(18 + len + 2, 8ul);

	s->error = -EINVAL; // what a buffer gives that is too small for the first one
	if (size > s->left - s->used)
		return false;
	memset(&d, 0, sizeof(d));
	d.ino = ino;
	d.off = next_off;
	d.len = (uint16_t)size;
	memcpy(d.name + head, name, len);
	*(s->old ? (char *)&d + size - 1 : d.name) = (char)dtype;
	s->error = copy_to_user(s->user + s->used, &d, size);
	if (!s->error)
		s->used += size;
	return !s->error;
}

static long do_getdents(int fd, void *user, unsigned size, bool old)
{
	struct dirent_sink s = { .sink = { .emit = dirent_emit, .room = size },
				 .user = user, .left = size, .old = old };
	struct file *f = fd_get(fd);
	long r;

	if (!f)
		return -EBADF;
	if (f->flags & O_PATH)
		r = -EBADF;
	else if (!f->vnode || !S_ISDIR(f->vnode->mode) || !f->ops->readdir)
		r = -ENOTDIR;
	else
		r = f->ops->readdir(f, &s.sink);
	if (!r && !s.used)
		r = s.error;
	file_put(f);
	return r ? r : (long)s.used;
}

long sys_getdents(int fd, void *user, unsigned size)
{
	return do_getdents(fd, user, size, true);
}

long sys_getdents64(int fd, void *user, unsigned size)
{
	return do_getdents(fd, user, size, false);
}
