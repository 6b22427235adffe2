// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Volumes, the guest's side of include/pith/volume.h, from inside (fs/volfs*.c).
//
// A vnode is a node of the host's by number; the same number is the same vnode. Nothing is kept of
// what can change on the host, so every look-up, attribute and byte is asked for: two instances or
// the host's own programs may use the same files. The exception are pages that are mapped
// (fs/volfs_map.c).
//
// One request is under way at a time, from volfs_begin() to volfs_call(): between the two nothing
// may touch the program's memory, because a page fault may ask the host as well. For the same
// reason the buffer is free again only when its user is done with it, and faults do not use it.
#ifndef FS_VOLFS_H
#define FS_VOLFS_H

#include <fs/pages.h>
#include <fs/vnode.h>
#include <pith/volume.h>

struct vol_node {
	struct vnode v;
	struct vol_node *next;   // in its hash bucket
	uint32_t nr;             // the host's number
	uint8_t volume;
	bool opened, writable;   // what the host can do with it now (VOLUME_OPEN)
	bool unlinked;           // it has no name any more: forget it at once
	struct {                 // pages that are or were mapped
		struct page_tree tree;
		uint64_t low, high;  // they are among [low, high); none if high is 0
	} map;
	void *fifo;              // while it is open: fs/fifo.c
};

static inline struct vol_node *to_vol(struct vnode *v)
{
	return container_of(v, struct vol_node, v);
}

extern const struct vnode_ops volfs_dir_ops, volfs_file_ops, volfs_other_ops;

// fs/volfs.c
struct volume_request *volfs_begin(enum volume_op op, const struct vol_node *n);
int64_t volfs_call(void);     // sends it; gives its result
// Sends a request that may take long, with these flags: other threads run meanwhile.
int volfs_call_later(struct volume_request *rq, uint32_t flags);
void volfs_name(struct volume_request *rq, const char *name, size_t len);
bool volfs_has(const struct vnode *v); // is it of a volume?
// The vnode of an answer, referenced. parent: of a directory. 0 or -ENOMEM.
int volfs_node(uint32_t nr, const struct volume_attr *attr, struct vol_node *parent,
	       struct vnode **out);
struct vol_node *volfs_known(uint32_t nr); // NULL: there is none
int volfs_open(struct vol_node *n, bool write); // makes the host able to read it, or to write it
// The buffer for data: contiguous, at least a page. NULL: no memory.
struct vol_buffer {
	uint8_t *at;
	size_t len;
};
const struct vol_buffer *volfs_buffer(void);
int volfs_getattr(struct vnode *v, struct kstat *st);
void volfs_release(struct vnode *v);

// fs/volfs_file.c
int volfs_vnode_open(struct vnode *v, struct file **f);
ssize_t volfs_read(struct vnode *v, struct iov_iter *it, uint64_t off);
ssize_t volfs_write(struct vnode *v, struct iov_iter *it, uint64_t off);
int volfs_setattr(struct vnode *v, const struct kstat *st, unsigned what);

// Names (fs/volfs_names.c), linked with the calls that need them.
int volfs_link(struct vnode *dir, const char *name, size_t len, struct vnode *v);
int volfs_unlink(struct vnode *dir, const char *name, size_t len, bool directory);
int volfs_rename(struct vnode *from, const char *fname, size_t flen, struct vnode *to,
		 const char *tname, size_t tlen, unsigned flags);

// Room (fs/volfs_room.c), linked with the calls that need it.
int volfs_allocate(struct vnode *v, unsigned mode, uint64_t off, uint64_t len);
int volfs_statfs(struct vnode *v, struct kstatfs *st);
int volfs_sync(struct vnode *v); // the file system that it is on; NULL: of every volume

// Mapped pages (fs/volfs_map.c).
int volfs_get_page(struct vnode *v, uint64_t off, bool write, paddr_t *pa);
// What mappings changed in [from, to) goes to the host.
int volfs_write_back(struct vnode *v, uint64_t from, uint64_t to);
void volfs_map_written(struct vol_node *n, uint64_t off, const uint8_t *data, size_t len);
void volfs_map_resized(struct vol_node *n, uint64_t size);
void volfs_map_forget(struct vol_node *n); // without writing back

// For /proc/mounts: the i-th, or false.
bool volfs_mounted(unsigned i, const char **path, bool *readonly);

#endif
