// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A tar archive, compressed or not, into a tree; contents into the spool.
#ifndef IMAGE_UNTAR_H
#define IMAGE_UNTAR_H

#include <image/digest.h>
#include <image/spool.h>
#include <image/tree.h>

#define UNTAR_NODES_MAX (4u << 20)  // in all
#define UNTAR_FILE_MAX (4ull << 40) // bytes of a file: as much as the library OS can have

struct untar {
	struct tree *tree;
	struct spool *spool;
	bool whiteouts; // a layer: names that begin with ".wh." remove what lower layers have
	unsigned nodes; // counted on
	// What was left out, for a note to the user: how many, and the first.
	unsigned attributes;
	char attribute[128], attribute_of[128];
};

// Unpacks what is in a node; `name` is for messages. packed, unpacked: the digests that it must
// have, or NULL. 0 or a negative errno with *why: damaged, cut off, too large, leading out of the
// tree. The tree is then half filled.
int untar(struct untar *u, const struct node *from, const char *name, const struct digest *packed,
	  const struct digest *unpacked, struct failure *why);

#endif
