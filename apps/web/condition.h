// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Conditional requests (RFC 9110 13): a pure function.
#ifndef WEB_CONDITION_H
#define WEB_CONDITION_H

#include "request.h"

// What a resource is compared by.
struct validators {
	struct slice etag; // strong, with its quotes
	int64_t modified;
	int64_t now;
};

// What a request with conditions comes to: 200 (go on), 304 or 412. *ranges: a Range field counts.
int condition_check(const struct request *r, const struct validators *v, bool *ranges);

#endif
