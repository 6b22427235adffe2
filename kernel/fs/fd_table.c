// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Descriptor tables of several processes: copies for fork, sharing, and what exec closes.
#include <fs/file.h>
#include <mm/mm.h>

struct fd_table *fd_table_get(struct fd_table *t)
{
	t->refs++;
	return t;
}

bool fd_table_shared(const struct fd_table *t)
{
	return t->refs > 1;
}

void fd_table_put(struct fd_table *t)
{
	if (!t || --t->refs)
		return;
	fd_table_close_all(t);
	kfree(t->slot);
	kfree(t);
}

struct fd_table *fd_table_copy(const struct fd_table *from)
{
	struct fd_table *t = kmalloc(sizeof(*t));

	if (!t)
		return NULL;
	*t = *from;
	t->refs = 1;
	t->slot = kmalloc(t->size * sizeof(*t->slot));
	if (!t->slot) {
		kfree(t);
		return NULL;
	}
	memcpy(t->slot, from->slot, t->size * sizeof(*t->slot));
	for (unsigned fd = 0; fd < t->size; fd++)
		if (t->slot[fd])
			file_get((struct file *)(t->slot[fd] & ~FD_CLOEXEC_BIT));
	return t;
}

void fd_table_exec(struct fd_table *t)
{
	for (unsigned fd = 0; fd < t->size; fd++) {
		uintptr_t old = t->slot[fd];

		if (!(old & FD_CLOEXEC_BIT))
			continue;
		t->slot[fd] = 0;
		t->lowest = MIN(t->lowest, fd);
		fd_drop(t, old);
	}
}
