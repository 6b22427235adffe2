// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The user that a container image runs as, out of the image's own /etc/passwd and /etc/group.
#ifndef IMAGE_ACCOUNT_H
#define IMAGE_ACCOUNT_H

#include <limits.h>

#include <image/tree.h>

struct account {
	uint32_t uid, gid;
	char home[PATH_MAX]; // "" if nothing says it
};

// text: USER or USER:GROUP, each a name or a number (OCI image specification, config.md: User); ""
// is root. Without a group it is the user's own, or 0. 0 or a negative errno with *why: -ENOENT for
// a name that is not there.
int account_find(struct account *a, const struct tree *t, const char *text, struct failure *why);

#endif
