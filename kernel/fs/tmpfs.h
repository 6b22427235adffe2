// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Inside the file system in memory (fs/tmpfs.c, tmpfs_dir.c, tmpfs_file.c).
#ifndef FS_TMPFS_H
#define FS_TMPFS_H

#include <fs/erofs_vnode.h>
#include <fs/pages.h>
#include <fs/vnode.h>

struct tnode {
	struct vnode v;
	uint64_t ino, size, rdev;
	int64_t atime_ns, mtime_ns, ctime_ns;
	uint32_t nlink, uid, gid;
	bool has_lower;          // an inode of the image is behind it
	bool kept;               // changed: holds a reference to itself until its last name is gone
	bool mapped;             // pages have been given out for mapping
	struct erofs_inode lower;
	struct tnode *next;      // in the table of nodes with an inode behind them
	union {
		struct {
			struct list entries; // struct entry, in order of off
			uint64_t last_off;
		} dir;
		struct {
			struct page_tree pages;
			uint64_t lower_len;  // beyond this nothing of the lower file shows any more
		} file;
		char *target;        // of a symbolic link without an inode behind it
		void *fifo;          // while it is open: fs/fifo.c
	};
};

static inline struct tnode *to_tnode(struct vnode *v)
{
	return container_of(v, struct tnode, v);
}

extern const struct erofs *tmpfs_image;         // what is behind all nodes with has_lower
extern const struct vnode_ops tmpfs_dir_ops;    // fs/tmpfs_dir.c
extern const struct vnode_ops tmpfs_file_ops;   // fs/tmpfs_file.c
extern const struct vnode_ops tmpfs_other_ops;  // fs/tmpfs.c: links, devices, fifos, sockets

struct tnode *tmpfs_node(uint32_t mode);        // new, one reference, no name; NULL: no memory
int tmpfs_lower_node(uint64_t nid, struct tnode *parent, struct tnode **out);
// Is about to differ from its inode; data: mtime too.
void tmpfs_changed(struct tnode *t, bool data);
void tmpfs_name_lost(struct tnode *t);          // one name fewer
// RAM is low: what is left is for other things than files.
bool tmpfs_full(void);
int tmpfs_getattr(struct vnode *v, struct kstat *st);
int tmpfs_setattr(struct vnode *v, const struct kstat *st, unsigned what);
int tmpfs_open(struct vnode *v, struct file **f);
void tmpfs_release(struct vnode *v);
int tmpfs_resize(struct tnode *t, uint64_t size);
void tmpfs_dir_release(struct tnode *t);

// Entries of directories (fs/tmpfs_dir.c).
// Positions of readdir: 0 "." and 1 "..", then the directory behind, then the entries.
#define OFF_LOWER 2
#define OFF_ENTRIES (1ull << 40)

struct entry {
	struct list link;
	struct entry *next;   // in its bucket
	struct tnode *dir, *node;
	uint64_t off;
	uint32_t hash;
	uint8_t len;
	char name[];
};

// The entry of a name, made if there is none so that it says what is true already: the name leads
// to `now` (NULL: to nothing).
struct entry *tmpfs_entry_obtain(struct tnode *dir, const char *name, size_t len,
				 struct tnode *now);
void tmpfs_entry_set(struct entry *e, struct tnode *node);
void tmpfs_entry_tidy(struct entry *e); // an entry that hides nothing goes
int tmpfs_find(struct tnode *dir, const char *name, size_t len, struct tnode **out);
// Makes the name, which leads nowhere, lead to t.
int tmpfs_name_add(struct tnode *dir, const char *name, size_t len, struct tnode *t);
// Linked with the calls that need them (fs/tmpfs_names.c).
int tmpfs_link(struct vnode *dir, const char *name, size_t len, struct vnode *v);
int tmpfs_unlink(struct vnode *dir, const char *name, size_t len, bool directory);
int tmpfs_rename(struct vnode *from, const char *fname, size_t flen, struct vnode *to,
		 const char *tname, size_t tlen, unsigned flags);
int tmpfs_punch(struct vnode *v, uint64_t off, uint64_t len); // fs/tmpfs_punch.c
int tmpfs_page_make(struct tnode *t, uint64_t off, bool whole, paddr_t *pa);

// Special files, each linked only if something can make or open them.
int chrdev_open(uint64_t rdev, struct file *f);
int fifo_open(void **fifo, struct file *f);

#endif
