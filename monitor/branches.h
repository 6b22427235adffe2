// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Distances in the code of packed images: of calls and jumps, and from an instruction to its data.
// A function that is called from many places is at another distance from each; written as an
// address it is the same four bytes everywhere, which pack better. What looks like a distance and
// is none is changed as well, and changed back.
#ifndef MONITOR_BRANCHES_H
#define MONITOR_BRANCHES_H

#include <stddef.h>
#include <stdint.h>

// Distances to addresses, before packing, and back. len is below 2 GiB. One undoes the other, for
// any bytes. Freestanding, and needs nothing.
void branches_to_addresses(uint8_t *bytes, size_t len);
void branches_to_distances(uint8_t *bytes, size_t len);

#endif
