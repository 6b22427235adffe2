// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
#ifndef HOST_ARCHIVE_H
#define HOST_ARCHIVE_H

#include <stdbool.h>

// Does it look like something to be built from as a whole: an archive, by its first bytes or by its
// name, or a folder with an OCI image layout?
bool archive_is(const char *path);

#endif
