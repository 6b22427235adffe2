// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// /etc/passwd and /etc/group of an image: the accounts of the host that every Debian has, those
// that own something in the image, and those that run the services of its packages.
#ifndef IMAGE_USERS_H
#define IMAGE_USERS_H

#include <stdint.h>

#include <image/gather.h>

// Looks a user and a group up in the host's files. NULL, "" and "-" are root; without a group's
// name it is the user's own. What is not there leaves its number as it was.
void users_find(const char *root, const char *user, uint32_t *uid, const char *group,
		uint32_t *gid);

// Puts both files, unless the user gave them. names: accounts that must be there.
int users_put(struct gather *g, const struct strings *names, struct failure *why);

#endif
