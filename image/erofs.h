// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Writes a tree as an EROFS that the library OS reads in place (<pith/erofs.h>). The same tree
// gives the same bytes: names are in order, there is no uuid, and no time but the files' own.
//
// First the metadata: superblock, inodes with what is inline behind them; then, in whole blocks,
// all data. A file with holes is in chunks if that makes it smaller.
#ifndef IMAGE_EROFS_H
#define IMAGE_EROFS_H

#include <stdint.h>

#include <image/tree.h>

// Writes to [base, base + *len) of a file that ends at `base` or before, and makes it end there. 0
// or a negative errno with *why; -EINTR if one of the signals of build_signals() has come.
int erofs_write(struct tree *t, int fd, uint64_t base, uint64_t *len, struct failure *why);

#endif
