// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The files of a 9p server that the guest knows, by number, and what the operations share.
//
// A node has up to four fids, whose numbers follow from its own: one that stands for its name, and
// those that are open. Files are told apart by the path of their qid; the same one is the same node
// for as long as the guest keeps it.
//
// A name goes, the file stays as long as it is open: such a node is GONE. QEMU (before 10.1) can
// still read and write it then but knows its attributes by name only, and could even take those of
// another file that got the name. So a GONE node's name is never used again, and its attributes are
// kept here (drivers/p9/gone.c).
#ifndef DRIVERS_P9_NODE_H
#define DRIVERS_P9_NODE_H

#include <drivers/p9/message.h>

enum node_state {
	NODE_USED = 0x1,
	NODE_HASHED = 0x2,      // found by its qid
	NODE_GONE = 0x4,        // FID_NAME leads nowhere any more, or elsewhere
	NODE_READ = 0x8,        // FID_READ is open, for reading
	NODE_WRITE = 0x10,      // FID_WRITE is, for both,
	NODE_WRITE_ONLY = 0x20, // but not for reading
	NODE_APPEND = 0x40,     // FID_APPEND is
	NODE_DIRTY = 0x80,      // written to since the last fsync
	NODE_NAME = 0x100,      // FID_NAME is there
};

enum node_fid { FID_NAME, FID_READ, FID_WRITE, FID_APPEND, FIDS };

// A GONE file's attributes: nobody else can change it.
struct p9_kept {
	struct volume_attr attr;
	uint64_t server_size; // where the server ends it: may be behind attr.size
};

struct p9_node {
	uint64_t path;
	struct p9_kept *kept; // or NULL
	uint32_t next;        // in its bucket, or of the free ones; 0 ends it
	uint16_t type;        // S_IFMT of its mode
	uint16_t state;       // enum node_state
};

#define P9_ROOT 1u

// drivers/p9/node.c
static inline uint32_t p9_fid(uint32_t node, enum node_fid which) { return node * FIDS + which; }
struct p9_node *p9_node_get(struct p9 *fs, uint32_t node); // NULL: there is none
// A number whose fids are free; p9_node_drop() gives it back, with those that are not. 0: no room.
uint32_t p9_node_reserve(struct p9 *fs);
void p9_node_drop(struct p9 *fs, uint32_t node);
void p9_node_hash(struct p9 *fs, uint32_t node, uint64_t path, uint32_t mode);
void p9_node_unhash(struct p9 *fs, uint32_t node);
void p9_node_replaced(struct p9 *fs, uint32_t node); // its inode's number has another file now
uint32_t p9_node_find(const struct p9 *fs, uint64_t path); // or 0
void p9_clunk(struct p9 *fs, uint32_t fid);
int p9_clone(struct p9 *fs, uint32_t from, uint32_t to); // another fid of the same file
// Opens one of a node's fids, by the node's name.
int p9_open_fid(struct p9 *fs, uint32_t node, enum node_fid which, uint32_t flags);

// drivers/p9/names.c
int p9_walk(struct p9 *fs, uint32_t dir, uint32_t to, const char *name, size_t len, uint64_t *path);
// `node` has no more than a name's fid: it becomes the node of that file, or is dropped if there is
// one. r->found is its number, r->attr its attributes.
int p9_settle(struct p9 *fs, uint32_t node, struct volume_request *r);

// drivers/p9/attr.c
int p9_fid_attr(struct p9 *fs, uint32_t fid, struct volume_attr *a); // a->ino is the qid's path
int p9_node_attr(struct p9 *fs, uint32_t node, struct volume_attr *a);
int p9_node_setattr(struct p9 *fs, uint32_t node, const struct volume_attr *a, uint32_t what);

// drivers/p9/gone.c
// What it is now, before it loses a name. False: no memory.
bool p9_keep(struct p9 *fs, uint32_t node);
void p9_unkeep(struct p9_node *n);
void p9_removed(struct p9 *fs, uint32_t node); // what p9_keep() was told of has lost a name
int p9_kept_setattr(struct p9 *fs, uint32_t node, const struct volume_attr *a, uint32_t what);
// Before a write at `off` that ends at `end`, and how much of [off, off + len) can be read.
int p9_kept_written(struct p9 *fs, uint32_t node, uint64_t off, uint64_t end);
uint64_t p9_kept_clip(const struct p9_node *n, uint64_t off, uint64_t len);

// Operations (the table in serve.c). They give what r->result will be.
int64_t p9_lookup(struct p9 *fs, struct volume_request *r, uint8_t *data); // drivers/p9/names.c
int64_t p9_create(struct p9 *fs, struct volume_request *r, uint8_t *data); // drivers/p9/create.c
int64_t p9_link(struct p9 *fs, struct volume_request *r, uint8_t *data);
int64_t p9_unlink(struct p9 *fs, struct volume_request *r, uint8_t *data);
int64_t p9_rename(struct p9 *fs, struct volume_request *r, uint8_t *data);
int64_t p9_readlink(struct p9 *fs, struct volume_request *r, uint8_t *data);
int64_t p9_readdir(struct p9 *fs, struct volume_request *r, uint8_t *data); // drivers/p9/readdir.c
int64_t p9_getattr(struct p9 *fs, struct volume_request *r, uint8_t *data); // drivers/p9/attr.c
int64_t p9_setattr(struct p9 *fs, struct volume_request *r, uint8_t *data);
int64_t p9_statfs(struct p9 *fs, struct volume_request *r, uint8_t *data);
int64_t p9_open(struct p9 *fs, struct volume_request *r, uint8_t *data);    // drivers/p9/data.c
int64_t p9_read(struct p9 *fs, struct volume_request *r, uint8_t *data);
int64_t p9_write(struct p9 *fs, struct volume_request *r, uint8_t *data);
int64_t p9_seek(struct p9 *fs, struct volume_request *r, uint8_t *data);
int64_t p9_fsync(struct p9 *fs, struct volume_request *r, uint8_t *data);
int64_t p9_syncfs(struct p9 *fs, struct volume_request *r, uint8_t *data);

#endif
