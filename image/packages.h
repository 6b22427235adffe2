// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Programs that are part of a Debian package get what belongs to them: see packages.c for the
// rules.
#ifndef IMAGE_PACKAGES_H
#define IMAGE_PACKAGES_H

#include <image/dpkg.h>
#include <image/gather.h>

struct chosen {
	const struct package *package;
	bool named;     // by the user, or wanted by one that was
	bool extension; // came because it depends on another: rule 3 of packages.c
};

struct packages {
	struct dpkg dpkg;
	struct chosen *at;
	size_t count;
	struct strings users; // who runs their services: they must be in /etc/passwd
};

int packages_open(struct packages *p, const char *root, struct failure *why);
void packages_close(struct packages *p);

// Chooses a package that the user names, and what comes with it.
int packages_add(struct packages *p, const char *name, struct failure *why);
// Chooses those that the program's paths belong to (links that lead to it, and itself).
int packages_add_owners(struct packages *p, const struct strings *paths, struct failure *why);
// Brings the files of all chosen packages.
int packages_gather(struct packages *p, struct gather *g, struct failure *why);

#endif
