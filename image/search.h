// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Where a dynamic linker looks for libraries: ld.so(8) of glibc, ldso/dynlink.c of musl. A place
// has two names: where the folder is on this host, and where it will be in the image.
#ifndef IMAGE_SEARCH_H
#define IMAGE_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include <host/failure.h>
#include <image/spec.h>

// The loader's own folders, in its order: what is in them has the same name in the image.
struct search {
	struct strings configured; // /etc/ld.so.conf, or musl's path file
	struct strings usual;      // built into the loader
	bool musl;
};

// interpreter: PT_INTERP of the program; root: what stands in front of every host path, "" for the
// host itself. 0 or -ENOMEM; files that are not there are none.
int search_init(struct search *s, const char *interpreter, const char *root, struct failure *why);
void search_free(struct search *s);

// A folder on this host and its name in the image.
struct search_dir {
	const char *host, *guest;
};

// Calls visit() for each folder of a list as in DT_RUNPATH, LD_LIBRARY_PATH: `:` between them,
// $ORIGIN and $LIB replaced, tidied. Folders that are not absolute then are left out. On the host,
// those without $ORIGIN are below root. Ends with the first value that is not 0, and gives it.
int search_each(const char *list, const char *root, const struct search_dir *origin,
		int (*visit)(const struct search_dir *dir, void *arg), void *arg);

// Makes a path tidy by its text alone: no `.`, no `..`, no double slash. false: it is not absolute,
// or too long for out, which has PATH_MAX.
bool path_tidy(const char *path, char *out);

#endif
