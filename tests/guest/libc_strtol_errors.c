// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Numbers that do not fit or are none.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	char *end;
	errno = 0;
	CHECK(strtol("99999999999999999999", &end, 10) == LONG_MAX && errno == ERANGE);
	errno = 0;
	CHECK(strtol("-99999999999999999999", &end, 10) == LONG_MIN && errno == ERANGE);
	errno = 0;
	CHECK(strtoul("0x1fffffffffffffffff", &end, 0) == ULONG_MAX && errno == ERANGE);
	const char *none = "none";
	CHECK(strtol(none, &end, 10) == 0 && end == none);
	errno = 0;
	CHECK(strtol("10", &end, 99) == 0 && errno == EINVAL);
	errno = 0;
	CHECK(strtod("1e999", &end) > 1e308 && errno == ERANGE);
	SHOW(strtol("  -0x1Fz", &end, 16));
	say("%s", end);
	SHOW(strtol("077", NULL, 0));
	return 0;
}
