// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Whole files: pieces of GRUB, and what tools have written.
#ifndef EXPORT_READ_H
#define EXPORT_READ_H

#include <stddef.h>
#include <stdint.h>

#include <host/failure.h>

// The whole of a file, to be freed; at most max bytes. 0 or a negative errno; read_file() with *why,
// package is what to install if the file is missing.
int read_fd(int fd, size_t max, uint8_t **bytes, size_t *len);
int read_file(const char *path, const char *package, size_t max, uint8_t **bytes, size_t *len,
	      struct failure *why);

#endif
