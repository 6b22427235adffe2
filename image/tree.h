// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The root file system of an image, in memory, before it is written (image/erofs_write.c).
//
// A tree has nodes, and directories give them names. A node is a directory, a file, a symbolic
// link, a device, a pipe or a socket; what is not a directory may have several names (hard links).
// A file does not hold its content but says where it is, so that files of gigabytes cost nothing
// here.
//
// Paths are of the guest and begin at the root whether or not they begin with a slash; `..` is
// refused in them. Links in the middle of a path are followed as a chroot would; one that leads
// nowhere, or higher than the root, is refused, so nothing ever leads out of the tree.
//
// Names belong to layers, counted up by tree_next_layer(): what is added replaces what is there of
// lower layers, and tree_hide() removes only that.
#ifndef IMAGE_TREE_H
#define IMAGE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <host/failure.h>

#define TREE_NAME_MAX 255   // bytes of one name, as on Linux
#define TREE_PATH_MAX 4095  // bytes of a path, as on Linux
#define TREE_DEPTH_MAX 2048 // directories in directories: more than a path can name

struct attr {
	uint32_t mode; // with S_IFMT
	uint32_t uid, gid;
	int64_t mtime; // seconds since 1970
	uint32_t mtime_nsec;
	uint32_t major, minor; // of a device
};

// A run of a file's content: [off, off+len) of the file is [at, at+len) of its source.
struct extent {
	uint64_t off, len, at;
};

// Where the content of a file is: bytes, else a file of the host by its path, else an open one.
// What no extent covers is a hole.
struct content {
	char *bytes;	       // owned; also the target of a symbolic link
	char *host;	       // owned; a path
	int fd;		       // not owned: must stay open as long as the tree
	struct extent *extent; // ascending, owned
	size_t extents;
};

struct origin { // image/gather.h: where a node comes from
	uint8_t from;
	bool whole;
	const char *why;
};

struct node {
	struct attr attr;
	uint32_t names; // how many
	uint64_t size;	// of a file, of a link's target
	struct content content;
	struct node *parent; // of a directory; the root is its own
	void *entries;	     // of a directory: tsearch(3) over struct tree_entry
	uint32_t entry_count, depth;
	uint32_t subdirs; // directories among the entries
	struct origin note;
	struct {	  // image/erofs_*.c: where it goes
		uint64_t nid;
		uint32_t block, number;
		uint8_t layout, chunk_bits;
		bool extended, written;
	} out;
};

struct tree_entry {
	char *name;
	struct node *node;
	unsigned layer;
};

struct tree {
	struct node *root;
	unsigned layer;
};

struct tree *tree_new(void); // with a root of mode 0755, or NULL
void tree_free(struct tree *t);
void tree_next_layer(struct tree *t);

enum tree_rule {
	TREE_ONCE,   // a name that the same layer has already is refused: "given twice"
	TREE_REPLACE // the later one wins, as in a tar
};

// Adds a node without content and gives it in *out. Directories above it that are not there are
// made, 0755 of root. A directory that is there already gets the attributes and keeps its entries.
// 0 or a negative errno with *why.
int tree_add(struct tree *t, const char *path, const struct attr *a, enum tree_rule rule,
	     struct node **out, struct failure *why);
// Gives the node at `target`, no directory, another name.
int tree_link(struct tree *t, const char *path, const char *target, enum tree_rule rule,
	      struct failure *why);
// Another name for a node that the caller has found.
int tree_link_node(struct tree *t, const char *path, struct node *n, enum tree_rule rule,
		   struct failure *why);
// Removes what lower layers have at `path`, or in the directory `path`; not there: nothing to do.
int tree_hide(struct tree *t, const char *path, struct failure *why);
int tree_hide_all(struct tree *t, const char *path, struct failure *why);

// The node at a path; with `follow`, what the last name leads to if it is a link. -ENOENT,
// -ENOTDIR, -ELOOP, -EXDEV (out of the tree) with *why.
int tree_find(const struct tree *t, const char *path, bool follow, struct node **out,
	      struct failure *why);
bool tree_has(const struct tree *t, const char *path); // the last name not followed

// The entries of a directory by name (as strcmp orders), owned by the caller; NULL: no memory.
struct tree_entry *node_entries(const struct node *dir);

void content_free(struct content *c);
// Content, for a node that has none yet. Bytes and paths are copied. All three: 0 or -ENOMEM.
int node_set_bytes(struct node *n, const void *bytes, size_t len);  // also a link's target
int node_set_host(struct node *n, const char *path, uint64_t size); // see node_add_extent()
// Appends a run of content: ascending, not empty, in order. Of the source that was set, else of fd.
int node_add_extent(struct node *n, int fd, uint64_t off, uint64_t len, uint64_t at);
// The first extent that ends behind off.
size_t content_first(const struct content *c, uint64_t off);

// Reading a file's content: node_open() gives a descriptor to hand to the others (-1 for bytes).
// Holes read as zeros. 0 or a negative errno; *why names the file that cannot be read, or that is
// no longer what it was when it was added.
int node_open(const struct node *n, int *fd, struct failure *why);
void node_close(const struct node *n, int fd);
int node_read(const struct node *n, int fd, void *buf, size_t len, uint64_t off,
	      struct failure *why);

#endif
