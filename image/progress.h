// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Says what is being done once that takes more than a second, to a person at a terminal only.
#ifndef IMAGE_PROGRESS_H
#define IMAGE_PROGRESS_H

// From now on, until the next call: `what` (a string literal), or NULL for nothing.
void progress(const char *what);

#endif
