// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Memory in blocks of powers of two, taken from the system in pieces and reused, never given
// back; malloc would be a fifth of the program. All of it together has a limit.
#ifndef WEB_POOL_H
#define WEB_POOL_H

#include <stddef.h>

#define POOL_BLOCK_MAX 32768

void pool_init(size_t limit);
// size is POOL_BLOCK_MAX at most. NULL: the limit is reached or there is no memory.
void *pool_get(size_t size);
// With the same size as it was taken with.
void pool_put(void *block, size_t size);

#endif
