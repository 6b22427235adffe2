// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
#ifndef IMAGE_REPORT_H
#define IMAGE_REPORT_H

#include <image/calls.h>
#include <image/compose.h>
#include <image/gather.h>

struct report {
	const char *output;
	const struct compose *compose;
	const struct call_set *calls;
	const struct strings *linked, *missing;
	const struct gather *gather; // NULL: only the program is known
	uint64_t root_len, nucleus_len, start_len;
	uint64_t image_len, file_len; // the file is smaller than the image if it is packed
};

// What came in, and how big each part is: for people, or as one JSON object.
void report_text(const struct report *r);
void report_json(const struct report *r);

#endif
