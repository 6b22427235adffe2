// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Between fs/procfs.c, names and nodes, and the makers of contents: fs/proc_text.c, fs/proc_pid.c,
// fs/proc_system.c.
#ifndef FS_PROCFS_H
#define FS_PROCFS_H

#include <fs/file.h>
#include <fs/vnode.h>

// Text that grows.
struct text {
	char *buf;
	size_t len, size;
	bool failed;  // out of memory: what there is is not all
};
void text_add(struct text *t, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void text_bytes(struct text *t, const void *p, size_t n);

// Contents by the letter of the table in fs/procfs.c; `tid` is the thread or process whose
// directory it is in. false: the letter is not among these.
bool proc_pid_text(struct text *t, char letter, struct process *p, int tid);
bool proc_system_text(struct text *t, char letter);

#endif
