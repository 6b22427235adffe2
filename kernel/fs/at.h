// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Paths as system calls get them: a string in the program's memory and the descriptor of a
// directory.
#ifndef FS_AT_H
#define FS_AT_H

#include <fs/abi.h>
#include <fs/file.h>
#include <fs/vnode.h>

struct at_path {
	char *path;       // PATH_MAX bytes
	struct vnode *at; // referenced, or NULL for the current directory
};
// Gives 0 or a negative errno; after 0 at_end() puts everything.
int at_begin(struct at_path *a, int dirfd, const char *user_path);
void at_end(struct at_path *a);
// Both, and path_lookup with LOOKUP_PARENT: at_end() and lookup_put() it.
int at_parent(struct at_path *a, int dirfd, const char *user_path, unsigned flags,
	      struct lookup *l);
// One vnode. Of the AT_* flags SYMLINK_NOFOLLOW and EMPTY_PATH count.
int at_vnode(int dirfd, const char *user_path, unsigned at_flags, struct vnode **out);
#define O_SYNC_ASYNC (04010000 | 020000) /* O_SYNC, O_DSYNC, O_ASYNC: kept for who asks */
#define OPEN_FLAGS (O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK | \
		    O_DIRECT | O_LARGEFILE | O_DIRECTORY | O_NOFOLLOW | O_NOATIME | O_CLOEXEC | \
		    O_PATH | O_TMPFILE_BIT | O_SYNC_ASYNC)
// openat, of OPEN_FLAGS and LOOKUP_LIMITS (fs/sys_open.c). Gives a descriptor or a negative errno.
long open_at(int dirfd, const char *user_path, unsigned flags, uint32_t mode);
// fd_get for calls that need a vnode behind it: NULL vnode gives `otherwise`.
int fd_vnode(int fd, int otherwise, struct vnode **out);

#endif
