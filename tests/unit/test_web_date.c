// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Dates, beside the C library's.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <time.h>

#include "apps/web/date.h"

#define NOW 1790000000 // September 2026

static int parse(const char *s, int64_t *t)
{
	return date_parse((struct slice){ s, strlen(s) }, NOW, t);
}

static void formats_as_the_c_library_does(void **state)
{
	for (int64_t t = 0; t < 250000000000; t += 86399 * 97 + 1) {
		char ours[DATE_LEN], theirs[64];
		time_t seconds = t;
		int64_t back;

		date_format(ours, t);
		strftime(theirs, sizeof(theirs), "%a, %d %b %Y %H:%M:%S GMT", gmtime(&seconds));
		assert_memory_equal(ours, theirs, DATE_LEN);
		assert_int_equal(parse(theirs, &back), 0);
		assert_int_equal(back, t);
	}
}

static void formats_times_before_the_epoch_as_the_epoch(void **state)
{
	char out[DATE_LEN];

	date_format(out, -5);
	assert_memory_equal(out, "Thu, 01 Jan 1970 00:00:00 GMT", DATE_LEN);
}

static void takes_three_forms(void **state)
{
	static const char *const forms[] = {
		"Sun, 06 Nov 1994 08:49:37 GMT",
		"Sunday, 06-Nov-94 08:49:37 GMT",
		"Sun Nov  6 08:49:37 1994",
	};
	int64_t t;

	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(parse(forms[i], &t), 0);
		assert_int_equal(t, 784111777);
	}
	assert_int_equal(parse("Wednesday, 01-Jan-76 00:00:00 GMT", &t), 0);
	assert_int_equal(t, 3345062400);
	assert_int_equal(parse("Saturday, 01-Jan-77 00:00:00 GMT", &t), 0);
	assert_int_equal(t, 220924800);
	assert_int_equal(parse("Thu, 29 Feb 2024 23:59:60 GMT", &t), 0);
	assert_int_equal(t, 1709251200);
	assert_int_equal(parse("Fri, 31 Dec 1600 00:00:00 GMT", &t), 0);
	assert_true(t < 0);
}

static void refuses_what_is_no_date(void **state)
{
	static const char *const bad[] = {
		"",
		"S",
		"0",
		"-1",
		"now",
		"Sun, 06 Nov 1994 08:49:37",
		"Sun, 06 Nov 1994 08:49:37 UTC",
		"Sun, 06 Nov 1994 08:49:37 GMT ",
		"Xun, 06 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nox 1994 08:49:37 GMT",
		"Sun, 00 Nov 1994 08:49:37 GMT",
		"Sun, 31 Nov 1994 08:49:37 GMT",
		"Thu, 29 Feb 2023 00:00:00 GMT",
		"Thu, 29 Feb 1900 00:00:00 GMT",
		"Sun, 06 Nov 1994 24:49:37 GMT",
		"Sun, 06 Nov 1994 08:60:37 GMT",
		"Sun, 06 Nov 1994 08:49:61 GMT",
		"Sun, +6 Nov 1994 08:49:37 GMT",
		"Sunday, 06-Nov-1994 08:49:37 GMT",
		"Sunday, 06 Nov 94 08:49:37 GMT",
		"Sun Nov 06 08:49:37 19944",
		"Sun Nov a6 08:49:37 1994",
	};
	int64_t t;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_not_equal(parse(bad[i], &t), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_as_the_c_library_does),
		cmocka_unit_test(formats_times_before_the_epoch_as_the_epoch),
		cmocka_unit_test(takes_three_forms),
		cmocka_unit_test(refuses_what_is_no_date),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
