// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Folders and users that a package's installation or its service makes, so that they are in no list
// of files: /var/lib/redis, /run/mysqld.
#ifndef IMAGE_PACKAGE_STATE_H
#define IMAGE_PACKAGE_STATE_H

#include <image/dpkg.h>
#include <image/gather.h>

// Makes them, empty, in the image, and adds who runs the package's services to users. paths: what
// the package has. 0 or a negative errno with *why.
int package_state(struct gather *g, const struct package *p, const struct strings *paths,
		  struct strings *users, struct failure *why);

#endif
