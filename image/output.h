// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Bytes into the files that a build makes: images, and what is unpacked on the way.
#ifndef IMAGE_OUTPUT_H
#define IMAGE_OUTPUT_H

#include <stddef.h>
#include <stdint.h>

// Writes all of it at a place of a file: 0 or a negative errno.
int output_write(int fd, const void *bytes, size_t len, uint64_t at);

#endif
