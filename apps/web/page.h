// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Pages that are made: for errors and redirections, and the listing of a directory.
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "text.h"

const char *status_reason(int status);
void page_status(struct text *t, int status);
// path as from path_resolve(). 0 or a negative errno. Of a large directory, what there is room for.
int page_listing(struct text *t, const char *path);

#endif
