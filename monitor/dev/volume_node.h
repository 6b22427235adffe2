// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The files that the guest knows, by number. A node is one descriptor: first O_PATH, which is
// enough for names and attributes; once the guest has opened the file, one that reads or writes. It
// is open until the guest forgets the node, so a file without names lives on, and its inode number
// is not used again: (volume, device, inode) is the same node for as long.
//
// The table has a limit, so that a guest cannot use up the host's descriptors.
#ifndef MONITOR_DEV_VOLUME_NODE_H
#define MONITOR_DEV_VOLUME_NODE_H

#include <sys/stat.h>

#include <monitor/dev/volume.h>

enum node_access { NODE_FREE, NODE_PATH, NODE_READ, NODE_WRITE, NODE_WRITE_ONLY };

struct node {
	int fd;
	uint8_t access; // enum node_access
	uint8_t volume;
	uint16_t type;  // S_IFMT of its mode
	uint32_t next;  // in the hash bucket, or of the free ones; 0 ends it
	uint64_t dev, ino;
	uint64_t dir_pos; // of a directory that is read: where the descriptor is
};

// The table, with a root for each volume. 0 or -ENOMEM.
int nodes_create(struct volumes *v);
void nodes_free(struct volumes *v);

struct node *node_get(const struct volumes *v, uint32_t number); // NULL: there is none
uint32_t node_number(const struct volumes *v, const struct node *n);
uint32_t node_find(const struct volumes *v, unsigned volume, const struct statx *stx); // or 0
// The node of an open descriptor; takes it, also if that fails. Gives its number, or -ENFILE.
int64_t node_make(struct volumes *v, unsigned volume, int fd, enum node_access access,
		  const struct statx *stx);
void node_forget(struct volumes *v, uint32_t number); // not of roots; what there is not, is ignored

// Another descriptor of the same file. It or a negative errno.
int node_reopen(const struct volumes *v, const struct node *n, int flags);
// The node's descriptor can then read, or write. 0 or a negative errno.
int node_open(const struct volumes *v, struct node *n, bool write);

#endif
