// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Locks on files: flock(2), and the open-file-description locks of fcntl. POSIX locks belong to a
// process, and there is one, so they never conflict.
#ifndef FS_LOCKS_H
#define FS_LOCKS_H

#include <fs/file.h>

enum lock_kind { LOCK_WHOLE, LOCK_OFD }; // flock and OFD locks do not see each other
enum lock_type { LOCK_READ, LOCK_WRITE, LOCK_NONE };

struct lock {
	struct list link;
	struct file *owner;
	struct vnode *vnode;
	enum lock_kind kind;
	enum lock_type type;
	uint64_t start, end; // [start, end)
};

// Takes or (LOCK_NONE) gives back; waits if `wait`. 0, -EAGAIN, -ENOMEM or -ERESTARTSYS.
int lock_set(const struct lock *want, bool wait);
const struct lock *lock_conflict(const struct lock *want);

#endif
