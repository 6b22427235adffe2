// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The generator's inside, for start-up and for the unit test.
#ifndef CORE_RANDOM_H
#define CORE_RANDOM_H

#include <core/klib.h>

void random_seed(const uint8_t seed[64]);
void chacha20_block(const uint32_t in[16], uint32_t out[16]);

#endif
