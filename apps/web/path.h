// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// The path of a request as the name of a file below the root: a pure function.
#ifndef WEB_PATH_H
#define WEB_PATH_H

#include "text.h"

// Percent-decodes raw and takes empty, "." and ".." segments out. out gets the name relative to
// the root with a NUL; it is empty for the root and ends with a slash for a directory. Returns its
// length, or the negative of a status: 400 for a bad code, a NUL or a way out of the root, 404 for
// a name that begins with a dot (.well-known excepted, RFC 8615), 414 for one too long.
int path_resolve(struct slice raw, char *out, size_t cap);

#endif
