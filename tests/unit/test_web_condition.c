// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Conditional requests: the order of RFC 9110 13.2.2, and strong against weak comparison.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/web/condition.h"

#define S(text) { text, sizeof(text) - 1 }
#define BEFORE S("Sun, 06 Nov 1994 08:49:36 GMT")
#define SAME S("Sun, 06 Nov 1994 08:49:37 GMT")
#define AFTER S("Sun, 06 Nov 1994 08:49:38 GMT")

static const struct validators v = { S("\"abc\""), 784111777, 1790000000 };

static int check(const struct request *r)
{
	bool ranges;

	return condition_check(r, &v, &ranges);
}

static bool ranges_count(const struct request *r)
{
	bool ranges;

	assert_int_equal(condition_check(r, &v, &ranges), 200);
	return ranges;
}

static void if_match(void **state)
{
	assert_int_equal(check(&(struct request){ .if_match = S("\"abc\"") }), 200);
	assert_int_equal(check(&(struct request){ .if_match = S("\"x\", \"abc\"") }), 200);
	assert_int_equal(check(&(struct request){ .if_match = S("*") }), 200);
	assert_int_equal(check(&(struct request){ .if_match = S("W/\"abc\"") }), 412);
	assert_int_equal(check(&(struct request){ .if_match = S("\"a,b\", \"abcd\"") }), 412);
	assert_int_equal(check(&(struct request){ .if_match = S("abc") }), 412);
	assert_int_equal(check(&(struct request){ .if_match = S("\"abc") }), 412);
	assert_int_equal(check(&(struct request){ .if_match = S("") }), 412);
}

static void if_none_match(void **state)
{
	assert_int_equal(check(&(struct request){ .if_none_match = S("\"abc\"") }), 304);
	assert_int_equal(check(&(struct request){ .if_none_match = S("W/\"abc\"") }), 304);
	assert_int_equal(check(&(struct request){ .if_none_match = S("*") }), 304);
	assert_int_equal(check(&(struct request){ .if_none_match = S("\"x,\",W/\"abc\"") }), 304);
	assert_int_equal(check(&(struct request){ .if_none_match = S("\"x\"") }), 200);
	assert_int_equal(check(&(struct request){ .if_none_match = S("W/") }), 200);
}

static void dates(void **state)
{
	assert_int_equal(check(&(struct request){ .if_modified_since = SAME }), 304);
	assert_int_equal(check(&(struct request){ .if_modified_since = AFTER }), 304);
	assert_int_equal(check(&(struct request){ .if_modified_since = BEFORE }), 200);
	assert_int_equal(check(&(struct request){ .if_modified_since = S("rubbish") }), 200);
	assert_int_equal(check(&(struct request){ .if_unmodified_since = SAME }), 200);
	assert_int_equal(check(&(struct request){ .if_unmodified_since = BEFORE }), 412);
	assert_int_equal(check(&(struct request){ .if_unmodified_since = S("rubbish") }), 200);
}

static void order(void **state)
{
	assert_int_equal(check(&(struct request){ .if_match = S("\"abc\""),
						  .if_unmodified_since = BEFORE }), 200);
	assert_int_equal(check(&(struct request){ .if_none_match = S("\"x\""),
						  .if_modified_since = AFTER }), 200);
	assert_int_equal(check(&(struct request){ .if_match = S("\"x\""),
						  .if_none_match = S("\"abc\"") }), 412);
	assert_int_equal(check(&(struct request){ .if_match = S("\"abc\""),
						  .if_none_match = S("\"abc\"") }), 304);
}

static void if_range(void **state)
{
	struct request r = { .range = S("bytes=0-1") };

	assert_true(ranges_count(&r));
	r.if_range = (struct slice)S("\"abc\"");
	assert_true(ranges_count(&r));
	r.if_range = (struct slice)SAME;
	assert_true(ranges_count(&r));
	r.if_range = (struct slice)AFTER;
	assert_false(ranges_count(&r));
	r.if_range = (struct slice)S("W/\"abc\"");
	assert_false(ranges_count(&r));
	r.if_range = (struct slice)S("");
	assert_false(ranges_count(&r));
	r.if_range = (struct slice){ 0 };
	r.method = METHOD_HEAD;
	assert_false(ranges_count(&r));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(if_match), cmocka_unit_test(if_none_match), cmocka_unit_test(dates),
		cmocka_unit_test(order),    cmocka_unit_test(if_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
