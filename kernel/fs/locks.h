// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Locks on files: flock(2), whole files by an open file; and ranges by fcntl, of an open file (OFD)
// or of a process (POSIX), which conflict with each other. A process's go when it closes any
// descriptor of the file; as their owner its descriptor table stands, which is what CLONE_FILES
// shares.
#ifndef FS_LOCKS_H
#define FS_LOCKS_H

#include <fs/file.h>

enum lock_kind { LOCK_WHOLE, LOCK_RANGE }; // the two do not see each other
enum lock_type { LOCK_READ, LOCK_WRITE, LOCK_NONE };

struct lock {
	struct list link;
	const void *owner;   // struct file or struct fd_table
	struct file *file;   // where the former: what it belongs to
	int pid;             // for F_GETLK: of the process, or -1
	struct vnode *vnode;
	enum lock_kind kind;
	enum lock_type type;
	uint64_t start, end; // [start, end)
};

// Takes or (LOCK_NONE) gives back; waits if `wait`. 0, -EAGAIN, -ENOMEM or -ERESTARTSYS.
int lock_set(const struct lock *want, bool wait);
const struct lock *lock_conflict(const struct lock *want);

#endif
