// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Open files and descriptors: everything that has a descriptor is a struct file with a table of
// operations.
#ifndef FS_FILE_H
#define FS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <core/klib.h>
#include <core/user.h>
#include <sched/sched.h>

struct file;
struct vnode;
struct kstat;
struct dir_sink;

struct file_ops {
	const char *kind;  // "pipe", "socket", ... as /proc/self/fd shows anon_inode:[kind]
	// Reads or writes through the iterator, at *pos where the file has positions (pos is NULL
	// where it has not), and moves it. O_NONBLOCK is in f->flags; `nowait` additionally
	// (MSG_DONTWAIT, RWF_NOWAIT). Give bytes or a negative errno.
	ssize_t (*read)(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait);
	ssize_t (*write)(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait);
	// What is ready now (EPOLLIN...), and the queue that is woken when that may have changed
	// (NULL: never changes).
	uint32_t (*poll)(struct file *f, struct wait_queue **q);
	long (*ioctl)(struct file *f, unsigned long cmd, unsigned long arg);
	int64_t (*seek)(struct file *f, int64_t off, int whence); // NULL: -ESPIPE
	// NULL: from the vnode, else a plain anonymous inode.
	int (*stat)(struct file *f, struct kstat *st);
	int (*readdir)(struct file *f, struct dir_sink *sink);    // fs/vnode.h
	int (*fsync)(struct file *f, bool data); // data: fdatasync
	void (*release)(struct file *f);                          // last reference is gone
};

struct file {
	const struct file_ops *ops;
	unsigned refs;
	unsigned flags;        // O_* status flags: access mode, O_APPEND, O_NONBLOCK...
	uint64_t pos;
	struct vnode *vnode;   // of files with a name; else NULL
	void *data;            // belongs to ops
	struct list epoll;     // epoll items that watch it (fs/epoll.c)
	bool locks;            // it may hold locks (fs/locks.c)
	char *path;            // as opened, absolute, for /proc/self/fd and getcwd; may be NULL
};

// One reference; NULL: no memory.
struct file *file_new(const struct file_ops *ops, unsigned flags, void *data);
struct file *file_get(struct file *f);
void file_put(struct file *f);

// Descriptors. fd_get takes a reference (file_put it); NULL: EBADF.
// The array of a table has the close-on-exec bit in the lowest bit of each pointer; all slots below
// `lowest` are taken, so the search for the lowest free one begins there.
#define FD_CLOEXEC_BIT 1ul
struct fd_table {
	uintptr_t *slot;
	unsigned size, lowest, refs;
};
struct fd_table *fd_table_create(void);
struct file *fd_get(int fd);
// Lowest free; takes the caller's reference; -EMFILE drops it too.
int fd_install(struct file *f, bool cloexec);
// Replaces what was there.
int fd_install_at(struct fd_table *t, int fd, struct file *f, bool cloexec);
int fd_install_from(struct file *f, int lowest, bool cloexec); // F_DUPFD
int fd_close(int fd);
bool fd_cloexec(int fd, int set); // set < 0 asks only
// Next open descriptor >= from, or -1 (for /proc/self/fd).
int fd_next(struct fd_table *t, int from);
void fd_table_close_all(struct fd_table *t);
// Tables of several processes (fs/fd_table.c). A copy has the same files under the same numbers.
// NULL: no memory.
struct fd_table *fd_table_copy(const struct fd_table *from);
struct fd_table *fd_table_get(struct fd_table *t); // shared: CLONE_FILES
bool fd_table_shared(const struct fd_table *t);
void fd_table_put(struct fd_table *t);             // the last closes everything
void fd_table_exec(struct fd_table *t);            // closes what is close-on-exec
void fd_drop(struct fd_table *t, uintptr_t slot);  // what was in a slot goes
struct file *fd_get_of(struct fd_table *t, int fd); // as fd_get, of another process

int file_stat(struct file *f, struct kstat *st);
// O_NONBLOCK.
static inline bool file_nowait(const struct file *f, bool nowait)
{
	return nowait || (f->flags & 04000);
}
extern const struct file_ops vnode_file_ops; // plain files and directories (fs/vfile.c)
// The process's limit of descriptors.
unsigned fd_limit(void);
// RLIMIT_FSIZE (linux/limits.c; where no limit can be set, nothing asks): may a file become so
// large? May n bytes be written at a place, or how many of them? 0, or SIGXFSZ and -EFBIG.
int file_size_allowed(uint64_t size) __attribute__((weak));
int file_write_allowed(uint64_t at, size_t *n) __attribute__((weak));
// Parts that watch files; both are only linked where a call needs them.
void epoll_forget(struct file *f);  // f goes: no epoll watches it any more
void locks_forget(struct file *f);  // f goes: so do its locks
// t has one descriptor less of a file with this vnode: so go the locks that its process has on it.
void locks_closed(const struct fd_table *t, const struct vnode *v);

// Convenience for system calls: reads or writes whole kernel buffers.
ssize_t file_read_kernel(struct file *f, void *buf, size_t n, uint64_t *pos);
ssize_t file_write_kernel(struct file *f, const void *buf, size_t n, uint64_t *pos);

// Wakes who waits for f: its own queue, and epolls that watch it. `key` are EPOLL* bits. Every
// implementation calls wake_all(q, key) on the queue that poll() gave; epoll and poll wait on that
// queue with struct waiter, so this is all there is.

#endif
