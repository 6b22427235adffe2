// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Dates in HTTP (RFC 9110 5.6.7): seconds since 1970 to and from their texts.
#ifndef WEB_DATE_H
#define WEB_DATE_H

#include "text.h"

// "Sun, 06 Nov 1994 08:49:37 GMT", without a NUL.
#define DATE_LEN 29

void date_format(char out[DATE_LEN], int64_t t);

// Any of the three forms: IMF-fixdate, RFC 850 with a year of two digits that is at most 50 years
// after now, asctime. 0 or -EINVAL.
int date_parse(struct slice s, int64_t now, int64_t *t);

#endif
