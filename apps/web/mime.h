// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// The media type of a file, from its name.
#ifndef WEB_MIME_H
#define WEB_MIME_H

const char *mime_of(const char *path);

#endif
