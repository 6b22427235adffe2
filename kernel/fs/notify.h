// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What happens to files is told to who watches them (fs/inotify.c). That part is only linked where
// inotify can be asked for, and nothing is told before something is watched: `fs_watched` first.
#ifndef FS_NOTIFY_H
#define FS_NOTIFY_H

#include <fs/file.h>
#include <fs/vnode.h>

#define IN_ACCESS 0x1 /* include/uapi/linux/inotify.h */
#define IN_MODIFY 0x2
#define IN_ATTRIB 0x4
#define IN_CLOSE_WRITE 0x8
#define IN_CLOSE_NOWRITE 0x10
#define IN_OPEN 0x20
#define IN_MOVED_FROM 0x40
#define IN_MOVED_TO 0x80
#define IN_CREATE 0x100
#define IN_DELETE 0x200
#define IN_DELETE_SELF 0x400
#define IN_MOVE_SELF 0x800
#define IN_ISDIR 0x40000000 /* goes along with the others */

extern bool fs_watched; // fs/vnode.c

#define NOTIFY __attribute__((weak))
// Something happened to v, which is called `name` in dir: told to who watches dir, then to who
// watches v itself. dir may be NULL, v too (then only dir's watchers are told).
NOTIFY void notify_named(struct vnode *dir, const char *name, size_t len, struct vnode *v,
			 uint32_t mask);
// To an open file: its directory is found by the path it was opened by, if that still leads to it.
NOTIFY void notify_file(struct file *f, uint32_t mask);
// To a vnode that a system call has looked up: notify_lookup() does what path_vnode() does and
// remembers where it was.
NOTIFY int notify_lookup(struct vnode *at, const char *path, unsigned flags, struct vnode **out);
NOTIFY void notify_remember(struct file *f); // the same for one that is open
NOTIFY void notify_looked_up(struct vnode *v, uint32_t mask);
// v lost the name.
NOTIFY void notify_unlinked(struct vnode *dir, const char *name, size_t len, struct vnode *v);
// v, and with exchange w, changed places; w, without, is gone.
NOTIFY void notify_renamed(const struct lookup *from, const struct lookup *to, bool exchange);

#endif
