// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Files with contents that are known from a seed.
#ifndef EXT4_FILES_H
#define EXT4_FILES_H

#include "ext4/env.h"

#define MIB (1ul << 20)

// A new file, open for writing: its node.
uint32_t make_file(struct vol *v, uint32_t dir, const char *name, uint64_t size, unsigned seed);
// Ends the test if the file is not what make_file() made of it.
void check_file(struct vol *v, uint32_t node, uint64_t size, unsigned seed);

#endif
