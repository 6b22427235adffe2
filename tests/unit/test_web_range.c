// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Range fields.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/web/range.h"

static struct range got[RANGES_MAX];

static int ranges(const char *field, uint64_t size)
{
	memset(got, 0, sizeof(got));
	return range_parse((struct slice){ field, strlen(field) }, size, got);
}

static void one(const char *field, uint64_t size, uint64_t first, uint64_t len)
{
	assert_int_equal(ranges(field, size), 1);
	assert_int_equal(got[0].first, first);
	assert_int_equal(got[0].len, len);
}

static void takes_one(void **state)
{
	one("bytes=0-0", 10, 0, 1);
	one("bytes=2-5", 10, 2, 4);
	one("bytes=2-", 10, 2, 8);
	one("bytes=-3", 10, 7, 3);
	one("bytes=-30", 10, 0, 10);
	one("bytes=9-99", 10, 9, 1);
	one("BYTES= 1-1 ,", 10, 1, 1);
	one("bytes=1-99999999999999999999999", 10, 1, 9);
	one("bytes=-99999999999999999999999", 10, 0, 10);
	one("bytes=0-", UINT64_MAX, 0, UINT64_MAX);
}

static void takes_several(void **state)
{
	assert_int_equal(ranges("bytes=0-1, 4-5,-2", 10), 3);
	assert_int_equal(got[1].first, 4);
	assert_int_equal(got[2].first, 8);
	assert_int_equal(ranges("bytes=0-1,20-30", 10), 1);
}

static void ignores_bad_syntax(void **state)
{
	static const char *const bad[] = {
		"",	       "bytes",	      "bytes=",	     "bytes=,",	     "bytes=-",
		"bytes=a-b",   "bytes=1",     "bytes=5-2",   "bytes=1-2x",   "bytes=--1",
		"bytes=0-1,x", "lines=0-1",   "bytes =0-1",  "bytes=1 -2",   "bytes=0x1-2",
		"bytes=-1-2",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(ranges(bad[i], 10), 0);
}

static void says_what_cannot_be(void **state)
{
	assert_int_equal(ranges("bytes=10-", 10), -416);
	assert_int_equal(ranges("bytes=10-20,30-", 10), -416);
	assert_int_equal(ranges("bytes=-0", 10), -416);
	assert_int_equal(ranges("bytes=0-", 0), -416);
	assert_int_equal(ranges("bytes=-5", 0), -416);
	assert_int_equal(ranges("bytes=99999999999999999999999-", 10), -416);
}

static void ignores_abuse(void **state)
{
	char field[256] = "bytes=0-0";

	assert_int_equal(ranges("bytes=0-,0-", 10), 0);
	assert_int_equal(ranges("bytes=0-,0-0", UINT64_MAX), 0);
	for (unsigned i = 1; i < RANGES_MAX; i++)
		strcat(field, ",2-2");
	assert_int_equal(ranges(field, 100), RANGES_MAX);
	strcat(field, ",4-4");
	assert_int_equal(ranges(field, 100), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_one),	       cmocka_unit_test(takes_several),
		cmocka_unit_test(ignores_bad_syntax),  cmocka_unit_test(says_what_cannot_be),
		cmocka_unit_test(ignores_abuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
