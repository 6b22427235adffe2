// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
#ifndef IMAGE_MANIFEST_H
#define IMAGE_MANIFEST_H

#include <image/compose.h>

// The manifest as bytes: malloc'ed, *len of them; NULL: no memory.
uint8_t *manifest_make(const struct compose *c, size_t *len);

#endif
