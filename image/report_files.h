// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The part of a report that says which files came in and why.
#ifndef IMAGE_REPORT_FILES_H
#define IMAGE_REPORT_FILES_H

#include <cjson/cJSON.h>

#include <image/gather.h>

// For people: libraries one by one, up to a limit; packages and the user's folders as one line
// each.
void report_files_text(const struct gather *g);

// As an array: {path, bytes, from, why} of each file.
cJSON *report_files_json(const struct gather *g);

#endif
