// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Between fs/procfs.c, nodes, fs/proc_table.c, their names, and the makers of contents: fs/proc_text.c, fs/proc_pid.c,
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

// A record is: letter of its directory, kind, name, NUL, text, NUL. Kinds: 'd' a directory, whose
// letter is the text; '=' a file that always says the text; 'L' a link, the text says which; 'F'
// and 'T' the directories of descriptors and threads; others are files made by proc_pid_text() and
// proc_system_text(). Directories: p /proc, P /proc/PID, y /sys, the others by their 'd' record.
extern const char proc_table[];
static inline const char *proc_record_text(const char *record)
{
	return record + strlen(record) + 1;
}
// One record after the other, through the table and the one of proc_more.c; NULL: no more.
const char *proc_record_after(const char *record);
// A number for a record that no other has.
uint64_t proc_record_place(const char *record);

// Contents by the letter of the table; `tid` is the thread or process whose
// directory it is in. false: the letter is not among these.
bool proc_pid_text(struct text *t, char letter, struct process *p, int tid);
bool proc_system_text(struct text *t, char letter);

// What only larger programs look for (fs/proc_more.c): a second table, and
// what can be written. Linked where the builder asks for proc_more (-u).
extern const char proc_more[] __attribute__((weak));
extern const size_t proc_more_len __attribute__((weak));
// `record` is that of the table, or NULL.
bool proc_more_text(struct text *t, char letter, const char *record, struct process *p, int id)
	__attribute__((weak));
bool proc_more_hidden(const char *record) __attribute__((weak)); // is it not there now?
void proc_more_status(struct text *t, const struct process *p) __attribute__((weak));
// Bytes, or a negative errno.
ssize_t proc_more_write(char letter, struct process *p, int id, struct iov_iter *it)
	__attribute__((weak));

// fs/proc_net.c
void proc_net_dev(struct text *t);
void proc_net_unix(struct text *t);
void proc_net_interface(struct text *t, const char *record); // of /sys/class/net

#endif
