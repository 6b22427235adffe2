// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Between tree.c (names and nodes) and tree_walk.c (paths).
#ifndef IMAGE_TREE_WALK_H
#define IMAGE_TREE_WALK_H

#include <image/tree.h>

// Where a path ends: a name in a directory. The root has no name: "".
struct place {
	struct node *dir;
	char name[TREE_NAME_MAX + 1];
};

// With `make`, directories that are missing on the way are made. `t` is changed only then. 0 or a
// negative errno with *why.
int place_find(struct tree *t, const char *path, bool make, struct place *p, struct failure *why);

struct tree_entry *dir_entry(const struct node *dir, const char *name); // or NULL
int dir_make(struct tree *t, struct node *dir, const char *name, struct node **out);
int dir_list(const struct node *dir,
	     struct tree_entry ***out); // ordered; the caller frees the list

#endif
