// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Files with names: vnodes, the file systems that make them, and path look-up. The root is a tmpfs
// laid over the image's EROFS: fs/tmpfs.c keeps what was changed, page by page, in frames;
// fs/erofs.c reads the rest in place; fs/devfs.c, fs/procfs.c.
#ifndef FS_VNODE_H
#define FS_VNODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <core/klib.h>
#include <core/user.h>
#include <pith/boot.h>

struct file;
struct vnode;
struct process;

// What stat says of where a file is; volumes have the host's numbers.
#define DEV_ROOT 1
#define DEV_PROC 0x14
#define DEV_SYS 0x15
struct kstat {
	uint64_t dev, ino, nlink, rdev, size, blocks;
	uint32_t mode, uid, gid, blksize;
	int64_t atime_ns, mtime_ns, ctime_ns;
};

struct kstatfs { // as statfs(2)
	uint64_t type, bsize, blocks, bfree, bavail, files, ffree, namelen, frsize, flags;
};

struct dir_sink {
	// Takes an entry; false: it is full, stop before this one.
	bool (*emit)(struct dir_sink *s, const char *name, size_t len, uint64_t ino, unsigned dtype,
		     uint64_t next_off);
	size_t room; // bytes of struct linux_dirent64 that it may take, or 0: not known
};

struct vnode_ops {
	// Directories. lookup gives a referenced vnode in *out. Names are not NUL-terminated.
	int (*lookup)(struct vnode *dir, const char *name, size_t len, struct vnode **out);
	// create: mode's type says what: file, directory, symlink (target), fifo, socket, device.
	int (*create)(struct vnode *dir, const char *name, size_t len, uint32_t mode, uint64_t rdev,
		      const char *target, struct vnode **out);
	int (*link)(struct vnode *dir, const char *name, size_t len, struct vnode *v);
	int (*unlink)(struct vnode *dir, const char *name, size_t len, bool directory);
	int (*rename)(struct vnode *from, const char *fname, size_t flen, struct vnode *to,
		      const char *tname, size_t tlen, unsigned flags);
	int (*readdir)(struct vnode *dir, uint64_t *off, struct dir_sink *sink);
	// All.
	int (*getattr)(struct vnode *v, struct kstat *st);
	int (*setattr)(struct vnode *v, const struct kstat *st, unsigned what); // ATTR_*
	ssize_t (*readlink)(struct vnode *v, char *buf, size_t size);
	// Regular files.
	ssize_t (*read)(struct vnode *v, struct iov_iter *it, uint64_t off);
	ssize_t (*write)(struct vnode *v, struct iov_iter *it, uint64_t off); // grows the file
	// The page of the file at `off` for mapping, with a frame reference if it is RAM; `write`:
	// the caller will write to it (shared mapping). Image pages come back as image pa's
	// (read-only). *pa, 0 or -ENXIO beyond the end, -ENOMEM.
	int (*get_page)(struct vnode *v, uint64_t off, bool write, paddr_t *pa);
	// Makes [off, off+len) read as zeros, without changing the size (FALLOC_FL_PUNCH_HOLE).
	// NULL: not possible.
	int (*punch)(struct vnode *v, uint64_t off, uint64_t len);
	// Writes what was changed in [from, to) to where it is kept for good: msync(MS_SYNC) of a
	// shared mapping. A page may have been changed since get_page gave it for writing, until
	// mm_vnode_clean (mm/mm.h) has been called for it; so clean first, then write. May sleep.
	// NULL: there is no such place.
	int (*sync)(struct vnode *v, uint64_t from, uint64_t to);
	// fallocate, where it is more than a size. NULL: the size, and punch.
	int (*allocate)(struct vnode *v, unsigned mode, uint64_t off, uint64_t len);
	// The file system that it is on, where that is not the memory of the instance.
	int (*statfs)(struct vnode *v, struct kstatfs *st);
	// Opens it, where it is not a plain file or directory (devices, /proc, fifo): gives *f its
	// ops, or puts another file in its place (then it puts the one that came). May be NULL.
	int (*open)(struct vnode *v, struct file **f);
	// Links that are not text (/proc/self/fd/N): gives what it leads to, referenced. NULL: the
	// text of readlink is followed.
	int (*follow)(struct vnode *v, struct vnode **out);
	void (*release)(struct vnode *v); // last reference is gone
};
#define ATTR_MODE 0x1
#define ATTR_UID 0x2
#define ATTR_GID 0x4
#define ATTR_SIZE 0x8
#define ATTR_ATIME 0x10
#define ATTR_MTIME 0x20

struct vnode {
	const struct vnode_ops *ops;
	unsigned refs;
	uint32_t mode;          // type and permission bits
	unsigned mappings;      // regions of address space that show it (mm/region.c)
	void *data;             // of the file system
	struct vnode *mounted;  // if something is mounted over it
	struct vnode *parent;   // of directories: "..", referenced
	char *path;             // by which it was first mapped, for /proc/self/maps; may be NULL
};

void vnode_init(struct vnode *v, const struct vnode_ops *ops, uint32_t mode); // one reference
struct vnode *vnode_get(struct vnode *v);
void vnode_put(struct vnode *v); // NULL is fine
void vnode_mapped_as(struct vnode *v, const char *path); // keeps the first path that is given
// May the program do this (R_OK 4, W_OK 2, X_OK 1) to v, by its effective ids or its real ones? 0
// or -EACCES.
int vnode_access(struct vnode *v, unsigned want, bool real_ids);
int vnode_stat(struct vnode *v, struct kstat *st);
int64_t fs_now(void); // CLOCK_REALTIME, ns: for time stamps
// Lays `root` over the directory `over`, for good. Both references are taken.
void vnode_mount(struct vnode *over, struct vnode *root);
// "..", referenced; of a mounted root that of what it covers.
struct vnode *vnode_parent(struct vnode *dir);

#define LOOKUP_FOLLOW 0x1    // a symbolic link at the end is followed
#define LOOKUP_PARENT 0x2    // gives the directory and the last component
#define LOOKUP_DIRECTORY 0x4
// Limits of openat2(2), which share a word with O_* flags on their way through file_open.
#define LOOKUP_NO_XDEV 0x01000000u
#define LOOKUP_NO_MAGICLINKS 0x02000000u
#define LOOKUP_NO_SYMLINKS 0x04000000u
#define LOOKUP_BENEATH 0x08000000u
#define LOOKUP_IN_ROOT 0x10000000u
#define LOOKUP_SCOPED (LOOKUP_BENEATH | LOOKUP_IN_ROOT) // where the path begins is its root
#define LOOKUP_LIMITS 0x1f000000u
// What a limited look-up is about to do.
enum lookup_move {
	MOVE_START, // begin at the root, because the path is absolute
	MOVE_JUMP,  // go to the root, because a link's text is absolute
	MOVE_UP,    // ".." in the root
	MOVE_LINK,  // follow a link's text
	MOVE_MAGIC, // follow a link that is not text
	MOVE_TO,    // go from one vnode to another
};
// May it? 0 or a negative errno. from and to are looked at for MOVE_JUMP and MOVE_TO. Linked with
// openat2.
__attribute__((weak)) int lookup_allowed(unsigned flags, enum lookup_move move,
					 const struct vnode *from, const struct vnode *to);
struct lookup {
	// Found, or NULL with LOOKUP_PARENT if the last component does not exist.
	struct vnode *vnode;
	struct vnode *dir;       // with LOOKUP_PARENT
	// Last component, in the caller's path buffer or `buf`; len 0: the path was all slashes.
	const char *name;
	size_t len;
	bool trailing_slash;
	bool dots;               // the last component is "." or ".."
	struct vnode *root;      // while it goes on: where ".." ends and "/" leads
	char *buf;               // paths from symbolic links
};
// path is kernel memory. `at` is where relative paths begin (NULL: the current directory). Gives 0
// or a negative errno; after 0 lookup_put() what it gave.
int path_lookup(struct vnode *at, const char *path, unsigned flags, struct lookup *out);
void lookup_put(struct lookup *l);
// Look-up of one vnode, referenced.
int path_vnode(struct vnode *at, const char *path, unsigned flags, struct vnode **out);
// PATH_MAX bytes for a path. NULL: no memory.
char *path_buf_get(void);
void path_buf_put(char *buf);
// From a kernel path to an open file, as openat does it. LOOKUP_LIMITS may be among the flags. Gives
// 0 and *out, or a negative errno.
int file_open(struct vnode *at, const char *path, unsigned flags, uint32_t mode, struct file **out);
// The absolute path of a directory, for getcwd. Gives its length or a negative errno.
ssize_t vnode_path(struct vnode *dir, char *buf, size_t size);
void vnode_path_forget(void); // a directory was renamed or removed

// A regular file without a name, in memory (memfd, O_TMPFILE); fs/tmpfs.c.
struct vnode *tmpfs_new_file(uint32_t mode);

// Parts that come with the system calls that need them (fs/init.c takes them if they are linked).
struct erofs;
// A writable layer over the image's root.
int tmpfs_root(const struct erofs *lower, struct vnode **root);
int devfs_populate(struct vnode *root);                        // what belongs in /dev
int procfs_mount(struct vnode *root);                          // /proc and /sys
int volfs_mount(const struct boot_block *boot, struct vnode *root); // volumes
int volfs_volume(const struct vnode *v); // which it is in, or -1
void volfs_end(void); // the instance ends: what mappings changed goes to the host
extern const struct boot_block *fs_boot;
// What /proc/self/fd will show; allocated, or NULL.
char *procfs_file_name(struct vnode *at, const char *path);

// Mounts everything, opens 0, 1 and 2 on the console.
int fs_init(const struct boot_block *boot, struct process *p);

#endif
