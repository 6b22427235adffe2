// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// The parser of request heads: each text ends where its memory does, so that ASan sees a byte read
// beyond it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "apps/web/request.h"

static char *held;

// The slices of the request live until the next call.
static int parse(const char *text, size_t len, struct request *r)
{
	free(held);
	held = malloc(len ? len : 1);
	memcpy(held, text, len);
	return request_parse(held, len, r);
}

static int parse_text(const char *text, struct request *r)
{
	return parse(text, strlen(text), r);
}

static int status(const char *text)
{
	struct request r;

	return parse_text(text, &r);
}

static void takes_a_plain_request(void **state)
{
	const char *text = "GET /a/b.html?x=1 HTTP/1.1\r\nHost: example\r\nRange: bytes=0-1\r\n\r\n";
	struct request r;

	assert_int_equal(parse_text(text, &r), strlen(text));
	assert_int_equal(r.method, METHOD_GET);
	assert_true(slice_is(r.path, "/a/b.html"));
	assert_true(slice_is(r.query, "?x=1"));
	assert_true(slice_is(r.range, "bytes=0-1"));
	assert_null(r.if_range.at);
	assert_true(r.keep);
	assert_false(r.http10);
}

static void every_prefix_is_incomplete(void **state)
{
	const char *text = "\r\nGET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
	struct request r;

	for (size_t n = 0; n < strlen(text); n++)
		assert_int_equal(parse(text, n, &r), 0);
	assert_int_equal(parse_text(text, &r), strlen(text));
	assert_false(r.keep);
}

static void stops_at_the_end_of_the_first(void **state)
{
	const char *text = "HEAD / HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\n";
	struct request r;

	assert_int_equal(parse_text(text, &r), strlen("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"));
	assert_int_equal(r.method, METHOD_HEAD);
}

static void keeps_connections_as_the_version_says(void **state)
{
	struct request r;

	assert_true(parse_text("GET / HTTP/1.0\r\n\r\n", &r) > 0);
	assert_false(r.keep);
	assert_true(parse_text("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", &r) > 0);
	assert_true(r.keep);
	assert_true(parse_text("GET / HTTP/1.1\r\nHost: h\r\nConnection: x, CLOSE\r\n\r\n", &r) > 0);
	assert_false(r.keep);
	assert_true(parse_text("GET / HTTP/1.9\r\nHost: h\r\n\r\n", &r) > 0);
	assert_false(r.http10);
}

static void takes_absolute_targets(void **state)
{
	struct request r;

	assert_true(parse_text("GET http://h:80/x?y HTTP/1.1\r\nHost: h\r\n\r\n", &r) > 0);
	assert_true(slice_is(r.path, "/x"));
	assert_true(slice_is(r.query, "?y"));
	assert_true(parse_text("GET http://h HTTP/1.1\r\nHost: h\r\n\r\n", &r) > 0);
	assert_true(slice_is(r.path, "/"));
}

static void knows_methods(void **state)
{
	struct request r;

	assert_true(parse_text("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", &r) > 0);
	assert_int_equal(r.method, METHOD_OTHER);
	assert_true(parse_text("get / HTTP/1.1\r\nHost: h\r\n\r\n", &r) > 0);
	assert_int_equal(r.method, METHOD_UNKNOWN);
}

static void refuses_bad_request_lines(void **state)
{
	static const char *const bad[] = {
		"GET\r\n\r\n",
		"GET /\r\n\r\n",
		"GET  HTTP/1.1\r\n\r\n",
		" GET / HTTP/1.1\r\n\r\n",
		"GET / HTTP/1.1 \r\n\r\n",
		"GET / / HTTP/1.1\r\n\r\n",
		"GET / http/1.1\r\n\r\n",
		"GET / HTTP/1.\r\n\r\n",
		"GET / HTTP/1.10\r\n\r\n",
		"GET x HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET * HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET /a#b HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET /\t HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET /\x80 HTTP/1.1\r\nHost: h\r\n\r\n",
		"G(T / HTTP/1.1\r\nHost: h\r\n\r\n",
		"GET / HTTP/1.1\nHost: h\n\n",
		"\n",
		"\x16\x03\x01",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(status(bad[i]), -400);
}

static void refuses_bad_fields(void **state)
{
	static const char *const bad[] = {
		"",
		"Host: h\r\nHost: h\r\n",
		"Host: a b\r\n",
		"Host: a/b\r\n",
		"Host : h\r\n",
		"Host: h\r\n folded\r\n",
		"Host: h\r\nNo colon\r\n",
		"Host: h\r\n: empty\r\n",
		"Host: h\r\nX: a\x01\r\n",
		"Host: h\r\nX: a\rb\r\n",
		"Host: h\r\nX: a\n",
		"Host: h\r\nContent-Length: -1\r\n",
		"Host: h\r\nContent-Length: 1, 1\r\n",
		"Host: h\r\nContent-Length:\r\n",
		"Host: h\r\nContent-Length: 1\r\nContent-Length: 1\r\n",
		"Host: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n",
		"Host: h\r\nRange: bytes=0-1\r\nRange: bytes=2-3\r\n",
	};
	char text[256];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		strcpy(text, "GET / HTTP/1.1\r\n");
		strcat(text, bad[i]);
		strcat(text, "\r\n");
		assert_int_equal(status(text), -400);
	}
}

static void refuses_a_nul(void **state)
{
	static const char text[] = "GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n";
	struct request r;

	assert_int_equal(parse(text, sizeof(text) - 1, &r), -400);
}

static void refuses_what_it_cannot_do(void **state)
{
	assert_int_equal(status("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), -505);
	assert_int_equal(status("GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"), -411);
	assert_int_equal(status("GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: zip\r\n\r\n"), -501);
	assert_int_equal(status("GET / HTTP/1.1\r\nHost: h\r\nExpect: tea\r\n\r\n"), -417);
	assert_int_equal(status("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 65537\r\n\r\n"), -413);
	assert_int_equal(status("GET / HTTP/1.1\r\nHost: h\r\n"
				"Content-Length: 99999999999999999999999\r\n\r\n"), -413);
}

static void counts_content(void **state)
{
	struct request r;

	assert_true(parse_text("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 65536\r\n\r\n", &r) > 0);
	assert_int_equal(r.body, 65536);
}

static void limits_the_target(void **state)
{
	char text[URI_MAX + 200] = "GET /";
	struct request r;

	memset(text + 5, 'a', URI_MAX - 1);
	strcpy(text + 4 + URI_MAX, " HTTP/1.1\r\nHost: h\r\n\r\n");
	assert_true(parse_text(text, &r) > 0);
	assert_int_equal(r.path.len, URI_MAX);
	memset(text + 5, 'a', URI_MAX);
	strcpy(text + 5 + URI_MAX, " HTTP/1.1\r\nHost: h\r\n\r\n");
	assert_int_equal(parse_text(text, &r), -414);
	memset(text + 5, 'a', URI_MAX + 100);
	assert_int_equal(parse(text, 5 + URI_MAX + 100, &r), -414);
}

static void limits_the_head(void **state)
{
	char text[HEAD_MAX + 1] = "GET / HTTP/1.1\r\nHost: h\r\n";
	struct request r;

	memset(text + strlen(text), 'x', HEAD_MAX - strlen(text));
	assert_int_equal(parse(text, HEAD_MAX - 1, &r), 0);
	assert_int_equal(parse(text, HEAD_MAX, &r), -431);
	for (size_t i = 0; i < HEAD_MAX; i += 2)
		memcpy(text + i, "\r\n", 2);
	assert_int_equal(parse(text, HEAD_MAX, &r), -431);
}

static void limits_the_number_of_fields(void **state)
{
	char text[1024] = "GET / HTTP/1.1\r\nHost: h\r\n";
	struct request r;

	for (unsigned i = 1; i < FIELDS_MAX; i++)
		strcat(text, "A: b\r\n");
	strcat(text, "\r\n");
	assert_true(parse_text(text, &r) > 0);
	strcpy(text + strlen(text) - 2, "A: b\r\n\r\n");
	assert_int_equal(parse_text(text, &r), -431);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_a_plain_request),
		cmocka_unit_test(every_prefix_is_incomplete),
		cmocka_unit_test(stops_at_the_end_of_the_first),
		cmocka_unit_test(keeps_connections_as_the_version_says),
		cmocka_unit_test(takes_absolute_targets),
		cmocka_unit_test(knows_methods),
		cmocka_unit_test(refuses_bad_request_lines),
		cmocka_unit_test(refuses_bad_fields),
		cmocka_unit_test(refuses_a_nul),
		cmocka_unit_test(refuses_what_it_cannot_do),
		cmocka_unit_test(counts_content),
		cmocka_unit_test(limits_the_target),
		cmocka_unit_test(limits_the_head),
		cmocka_unit_test(limits_the_number_of_fields),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	free(held);
	return failed;
}
