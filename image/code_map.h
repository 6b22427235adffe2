// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The two halves of reading code that are not decoding: what is known before (functions with
// symbols), and what follows from it.
#ifndef IMAGE_CODE_MAP_H
#define IMAGE_CODE_MAP_H

#include <image/code.h>

int map_symbols(struct code *c, const struct program *p);
int map_flow(struct code *c, const struct program *p);

#endif
