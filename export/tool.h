// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Tools of Debian's packages that an export runs, and what they write.
#ifndef EXPORT_TOOL_H
#define EXPORT_TOOL_H

#include <stddef.h>
#include <stdint.h>

#include <host/failure.h>

// Runs it; argv ends with NULL, package is what to install if argv[0] is missing. What it writes to
// standard output gets into the file `out`. What it says otherwise is shown only if it fails.
int tool_run(const char *const argv[], const char *package, int out, struct failure *why);

// The whole of a file, to be freed; at most max bytes.
int tool_read_fd(int fd, size_t max, uint8_t **bytes, size_t *len);
int tool_read(const char *path, const char *package, size_t max, uint8_t **bytes, size_t *len,
	      struct failure *why);

#endif
