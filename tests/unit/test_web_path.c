// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Names of files from the paths of requests, and their media types.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/web/mime.h"
#include "apps/web/path.h"

static void check(const char *raw, const char *expected)
{
	char out[64];

	assert_int_equal(path_resolve((struct slice){ raw, strlen(raw) }, out, sizeof(out)),
			 strlen(expected));
	assert_string_equal(out, expected);
}

static int status(const char *raw)
{
	char out[64];

	return path_resolve((struct slice){ raw, strlen(raw) }, out, sizeof(out));
}

static void resolves(void **state)
{
	check("/", "");
	check("/a", "a");
	check("/a/", "a/");
	check("/a/b.c", "a/b.c");
	check("//a///b", "a/b");
	check("/a/./b/../c", "a/c");
	check("/a/..", "");
	check("/a/b/..", "a/");
	check("/a/.", "a/");
	check("/%61%2Fb%20c", "a/b c");
	check("/%C3%A4+?", "\xc3\xa4+?");
	check("/.well-known/x", ".well-known/x");
	check("/a..b/c..", "a..b/c..");
}

static void refuses_ways_out(void **state)
{
	assert_int_equal(status("/.."), -400);
	assert_int_equal(status("/../etc/passwd"), -400);
	assert_int_equal(status("/a/../../b"), -400);
	assert_int_equal(status("/%2e%2e/etc"), -400);
	assert_int_equal(status("/a%2f..%2f..%2fb"), -400);
}

static void refuses_bad_codes(void **state)
{
	assert_int_equal(status("/%"), -400);
	assert_int_equal(status("/%4"), -400);
	assert_int_equal(status("/%zz"), -400);
	assert_int_equal(status("/a%00b"), -400);
}

static void hides_names_with_a_dot(void **state)
{
	assert_int_equal(status("/.git/config"), -404);
	assert_int_equal(status("/a/.htaccess"), -404);
	assert_int_equal(status("/%2egit"), -404);
	assert_int_equal(status("/..."), -404);
}

static void refuses_long_names(void **state)
{
	char raw[100] = "/";

	memset(raw + 1, 'a', 62);
	assert_int_equal(status(raw), 62);
	memset(raw + 1, 'a', 63);
	assert_int_equal(status(raw), -414);
}

static void knows_media_types(void **state)
{
	assert_string_equal(mime_of("index.html"), "text/html; charset=utf-8");
	assert_string_equal(mime_of("A.PNG"), "image/png");
	assert_string_equal(mime_of("x.tar.gz"), "application/gzip");
	assert_string_equal(mime_of("a.html/file"), "application/octet-stream");
	assert_string_equal(mime_of("name"), "application/octet-stream");
	assert_string_equal(mime_of("name."), "application/octet-stream");
	assert_string_equal(mime_of("x.webm"), "video/webm");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resolves),
		cmocka_unit_test(refuses_ways_out),
		cmocka_unit_test(refuses_bad_codes),
		cmocka_unit_test(hides_names_with_a_dot),
		cmocka_unit_test(refuses_long_names),
		cmocka_unit_test(knows_media_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
