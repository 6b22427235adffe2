// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What Debian's package manager has noted of the packages on this host: /var/lib/dpkg, read
// directly (deb-control(5), dpkg-query(1)). A host without it has no packages.
#ifndef IMAGE_DPKG_H
#define IMAGE_DPKG_H

#include <stdbool.h>
#include <stddef.h>

#include <host/failure.h>
#include <image/spec.h>

// Strings are the database's. Lists of packages are as in the control file: `a (>= 1) | b, c`.
struct package {
	const char *name, *arch, *source, *section;
	const char *depends, *pre_depends, *recommends, *provides; // "" for none
};

struct dpkg {
	const char *root;   // in front of host paths; "" for the host itself
	char *text;
	struct package *at; // installed, by name
	size_t count;
};

int dpkg_open(struct dpkg *d, const char *root, struct failure *why); // 0 or a negative errno
void dpkg_close(struct dpkg *d);

// An installed package; NULL: none. dpkg_provider(): or one that provides the name.
const struct package *dpkg_find(const struct dpkg *d, const char *name);
const struct package *dpkg_provider(const struct dpkg *d, const char *name);

// Calls visit() with each package that a list names and that is installed, alternatives too. Ends
// with the first value that is not 0, and gives it.
int dpkg_each_in(const struct dpkg *d, const char *list,
		 int (*visit)(const struct package *p, void *arg), void *arg);

// The paths that a package has installed, folders too. 0 or a negative errno with *why.
int dpkg_files(const struct dpkg *d, const struct package *p, struct strings *paths,
	       struct failure *why);

// For each path, the package that it belongs to: owners[i], or NULL. A path under /usr and the same
// without it are one (usrmerge). 0 or a negative errno with *why.
int dpkg_owners(const struct dpkg *d, const struct strings *paths, const struct package **owners,
		struct failure *why);

#endif
