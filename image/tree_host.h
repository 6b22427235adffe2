// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Files and folders of the host into a tree. Contents are not read: they must stay what they are
// until the tree is written, and a file that has become another is an error then.
#ifndef IMAGE_TREE_HOST_H
#define IMAGE_TREE_HOST_H

#include <image/tree.h>

enum host_kind {
	// Single files and folders that a user picks: owned by root; files, folders and links only.
	HOST_FILES,
	// A root directory: with its owners (what is the builder's own is root's), devices, pipes.
	HOST_ROOT,
};

// Adds what is at `host`, with everything below it, as `guest`. Modes stay, and times except those
// of folders, which change by themselves; hard links among what is added stay hard links; links
// stay links (a link as `host` itself too: resolve it before). 0 or a negative errno with *why.
int tree_add_host(struct tree *t, const char *host, const char *guest, enum host_kind kind,
		  struct failure *why);

#endif
