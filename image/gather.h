// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What goes into the root file system: a tree (image/tree.h) whose nodes say where they come from
// and why. What the user gives comes first, and what is gathered by itself later never replaces it.
#ifndef IMAGE_GATHER_H
#define IMAGE_GATHER_H

#include <stdbool.h>

#include <image/spec.h>
#include <image/tree.h>

enum from {
	FROM_NOWHERE, // folders that are only on the way
	FROM_USER,    // why: what the user wrote
	FROM_PROGRAM,
	FROM_LIBRARY, // why: who wants it, by its path on the host
	FROM_OPENED,  // a library; why: the program in whose data its name stands
	FROM_PACKAGE, // why: the package
	FROM_BUILDER, // made here because programs expect it
	FROM_COUNT
};

struct gather {
	struct tree *tree;
	const char *root;       // in front of host paths that are not the user's; "" for the host
	struct strings reasons; // each once: what the nodes' `why` point to
	struct strings notes;   // what a user should know: files left out, libraries not found
};

// All that return int give 0 or a negative errno with *why; those that bring things by themselves
// give 1 for what is there already, which stays.
int gather_init(struct gather *g, const char *root, struct failure *why);
void gather_free(struct gather *g);

// The user's own: a file or a whole folder, which becomes root's. What is there is an error.
int gather_user(struct gather *g, const char *host, const char *guest, const char *text,
		struct failure *why);

// One file of the host as a path of the image.
int gather_file(struct gather *g, const char *host, const char *guest, enum from from,
		const char *reason, struct failure *why);

// What is at a path of the host comes to the same path, with the links on the way, those at the
// end, and what they lead to; its name in the image after all links goes to `end` (PATH_MAX),
// unless that is NULL. A folder comes without what is in it. -ENOENT: it, or what a link leads to,
// is not there.
int gather_path(struct gather *g, const char *path, enum from from, const char *reason, char *end,
		struct failure *why);

// The same with everything in a folder. What cannot be read or is not for everybody to read, and
// what is neither file, folder nor link is left out and noted; links that lead nowhere stay.
int gather_whole(struct gather *g, const char *path, enum from from, const char *reason,
		 struct failure *why);

// Made here.
int gather_text(struct gather *g, const char *guest, const void *text, size_t len, mode_t mode,
		struct failure *why);
int gather_dir(struct gather *g, const char *guest, mode_t mode, uint32_t uid, uint32_t gid,
	       struct failure *why);
int gather_link(struct gather *g, const char *guest, const char *target, struct failure *why);

// Has something come to this path, other than a folder that is only on the way?
bool gather_has(const struct gather *g, const char *guest);

int gather_mark(struct gather *g, struct node *n, enum from from, const char *reason,
		struct failure *why);

// All that is there.
int gather_mark_all(struct gather *g, enum from from, const char *reason, struct failure *why);

// Notes something for the user.
int gather_note(struct gather *g, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

// Calls visit() for every node with its path, in order; ends with the first value that is not 0.
int gather_each(const struct gather *g, int (*visit)(const char *path, struct node *n, void *arg),
		void *arg);

#endif
