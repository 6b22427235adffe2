// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The descriptor table: an array of files that doubles.
#include <fs/file.h>
#include <fs/abi.h>
#include <linux/process.h>
#include <mm/mm.h>

#define FIRST_SIZE 32
#define CLOEXEC FD_CLOEXEC_BIT

static struct file *slot_file(uintptr_t s)
{
	return (struct file *)(s & ~CLOEXEC);
}

#pragma weak locks_closed

void fd_drop(struct fd_table *t, uintptr_t slot)
{
	struct file *f = slot_file(slot);

	if (!f)
		return;
	if (locks_closed && f->vnode)
		locks_closed(t, f->vnode);
	file_put(f);
}

struct fd_table *fd_table_create(void)
{
	struct fd_table *t = kzalloc(sizeof(*t));

	if (!t)
		return NULL;
	t->slot = kzalloc(FIRST_SIZE * sizeof(*t->slot));
	t->size = FIRST_SIZE;
	t->refs = 1;
	if (t->slot)
		return t;
	kfree(t);
	return NULL;
}

unsigned fd_limit(void)
{
	uint64_t cur = current_process()->limits[RLIMIT_NOFILE_].cur;

	return (unsigned)MIN(cur, 1u << 20);
}

// Makes the table long enough for fd.
static int table_grow(struct fd_table *t, unsigned fd)
{
	unsigned size = t->size;
	uintptr_t *slot;

	if (fd < size)
		return 0;
	while (size <= fd)
		size *= 2;
	slot = krealloc(t->slot, size * sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	memset(slot + t->size, 0, (size - t->size) * sizeof(*slot));
	t->slot = slot;
	t->size = size;
	return 0;
}

static uintptr_t *slot_find(struct fd_table *t, int fd)
{
	if ((unsigned)fd >= t->size || !t->slot[fd])
		return NULL;
	return &t->slot[fd];
}

struct file *fd_get_of(struct fd_table *t, int fd)
{
	uintptr_t *s = slot_find(t, fd);

	return s ? file_get(slot_file(*s)) : NULL;
}

struct file *fd_get(int fd)
{
	return fd_get_of(current_process()->files, fd);
}

int fd_install_from(struct file *f, int lowest, bool cloexec)
{
	struct fd_table *t = current_process()->files;
	unsigned from = MAX((unsigned)lowest, t->lowest), fd = from;
	int r = -EMFILE;

	while (fd < t->size && t->slot[fd])
		fd++;
	if (fd < fd_limit())
		r = table_grow(t, fd);
	if (r) {
		file_put(f);
		return r;
	}
	t->slot[fd] = (uintptr_t)f | cloexec;
	if (from == t->lowest)
		t->lowest = fd + 1;
	return (int)fd;
}

int fd_install(struct file *f, bool cloexec)
{
	return fd_install_from(f, 0, cloexec);
}

int fd_install_at(struct fd_table *t, int fd, struct file *f, bool cloexec)
{
	int r = (unsigned)fd < fd_limit() ? table_grow(t, (unsigned)fd) : -EBADF;
	uintptr_t old;

	if (r) {
		file_put(f);
		return r;
	}
	old = t->slot[fd];
	t->slot[fd] = (uintptr_t)f | cloexec;
	fd_drop(t, old);
	return fd;
}

int fd_close(int fd)
{
	struct fd_table *t = current_process()->files;
	uintptr_t *s = slot_find(t, fd);
	uintptr_t old;

	if (!s)
		return -EBADF;
	old = *s;
	*s = 0;
	t->lowest = MIN(t->lowest, (unsigned)fd);
	fd_drop(t, old);
	return 0;
}

bool fd_cloexec(int fd, int set)
{
	uintptr_t *s = slot_find(current_process()->files, fd);

	if (!s)
		return false;
	if (set >= 0)
		*s = (*s & ~CLOEXEC) | (set != 0);
	return *s & CLOEXEC;
}

int fd_next(struct fd_table *t, int from)
{
	for (unsigned fd = (unsigned)from; fd < t->size; fd++)
		if (t->slot[fd])
			return (int)fd;
	return -1;
}

void fd_table_close_all(struct fd_table *t)
{
	for (unsigned fd = 0; fd < t->size; fd++) {
		uintptr_t old = t->slot[fd];

		t->slot[fd] = 0;
		fd_drop(t, old);
	}
	t->lowest = 0;
}
