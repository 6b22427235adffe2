// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Ranges of bytes (RFC 9110 14): a pure function.
#ifndef WEB_RANGE_H
#define WEB_RANGE_H

#include "text.h"

#define RANGES_MAX 16

struct range {
	uint64_t first;
	uint64_t len;
};

// The ranges that a Range field asks of size bytes, as many as can be satisfied. 0: the field is
// to be ignored (bad syntax, another unit, too many, or more bytes in sum than there are);
// -416: none can be satisfied.
int range_parse(struct slice field, uint64_t size, struct range out[RANGES_MAX]);

#endif
