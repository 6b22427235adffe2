// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What programs expect to find without anybody giving it: the few files in /etc that C libraries
// read, and folders. What the user gave stays. 0 or a negative errno with *why.
#ifndef IMAGE_ETC_H
#define IMAGE_ETC_H

#include <image/gather.h>

// For programs that can open files. users: accounts that must be there. `full`: dynamic programs
// and those of packages; the others get what fits in a few hundred bytes.
int etc_put(struct gather *g, const struct strings *users, bool full, struct failure *why);

// Folders that the library OS mounts something at, or that every system has.
int places_put(struct gather *g, bool full, struct failure *why);

#endif
