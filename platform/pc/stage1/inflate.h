// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#ifndef PC_STAGE1_INFLATE_H
#define PC_STAGE1_INFLATE_H

#include <stdint.h>

// Unpacks one deflate stream that is known to be whole, to `out`, which has room for it.
void inflate(const uint8_t *in, uint8_t *out);

#endif
