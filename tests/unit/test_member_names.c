// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names on a named network: the answers, byte by byte, and queries that are none.
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include <monitor/dev/frame.h>
#include <monitor/dev/names.h>

static uint8_t find(void *arg, const char *name)
{
	return !strcasecmp(name, "web") ? 5 : !strcasecmp(name, "db_1") ? 254 : 0;
}

static const char *name_of(void *arg, uint8_t member)
{
	return member == 5 ? "web" : member == 254 ? "db_1" : NULL;
}

static const struct names names = { .network = "ramp", .find = find, .name_of = name_of };
static uint8_t q[600], a[NAMES_ANSWER_MAX];

static size_t query(const char *name, unsigned type)
{
	size_t at = 12;

	memset(q, 0, sizeof(q));
	memcpy(q, "\x12\x34\x01\0\0\1", 6);
	while (*name) {
		size_t n = strcspn(name, ".");

		q[at++] = (uint8_t)n;
		memcpy(q + at, name, n);
		at += n;
		name += n + (name[n] == '.');
	}
	at++;
	q[at + 1] = (uint8_t)type;
	q[at + 3] = 1;
	return at + 4;
}

// In memory that is as long as the query.
static size_t answer(size_t len)
{
	uint8_t *exact = malloc(len ? len : 1);
	size_t r;

	memcpy(exact, q, len);
	memset(a, 0xee, sizeof(a));
	r = names_answer(&names, exact, len, a);
	free(exact);
	return r;
}

static void check_record(size_t len, unsigned type, const void *data, size_t n)
{
	size_t end = len + 12 + n;

	assert_int_equal(answer(len), end);
	assert_memory_equal(a, "\x12\x34\x85\x80\0\1\0\1\0\0\0\0", 12);
	assert_memory_equal(a + 12, q + 12, len - 12);
	assert_memory_equal(a + len, "\xc0\x0c\0", 3);
	assert_int_equal(a[len + 3], type);
	assert_int_equal(a[len + 11], n);
	assert_memory_equal(a + len + 12, data, n);
}

static void addresses(void **state)
{
	uint8_t v6[16];

	frame_v6(v6, 5);
	check_record(query("web", 1), 1, "\x0a\x59\0\5", 4);
	check_record(query("WEB", 1), 1, "\x0a\x59\0\5", 4);
	check_record(query("web.ramp", 1), 1, "\x0a\x59\0\5", 4);
	check_record(query("wEb.RaMp", 28), 28, v6, 16);
	check_record(query("db_1", 1), 1, "\x0a\x59\0\xfe", 4);
}

static void both(void **state)
{
	size_t len = query("web", 255);

	assert_int_equal(answer(len), len + 16 + 28);
	assert_int_equal(a[7], 2);
}

static void other_types_are_empty(void **state)
{
	size_t len = query("web", 15);

	assert_int_equal(answer(len), len);
	assert_memory_equal(a, "\x12\x34\x85\x80\0\1\0\0\0\0\0\0", 12);
}

static void no_such(const char *name)
{
	size_t len = query(name, 1);

	assert_int_equal(answer(len), len);
	assert_int_equal(a[3], 0x83);
	assert_int_equal(a[7], 0);
}

static void unknown(void **state)
{
	no_such("nobody");
	no_such("nobody.ramp");
	no_such("a.web.ramp");
	no_such("1.0.89.10.in-addr.arpa");
	no_such("6.0.89.10.in-addr.arpa");
	no_such("0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.6.4.7.9.6.0.7.d.f.ip6.arpa");
}

static void not_ours(void **state)
{
	static const char *const others[] = {
		"example.com",	"web.other",	 "localhost",
		"5.0.89.11.in-addr.arpa", "x.0.89.10.in-addr.arpa", "256.0.89.10.in-addr.arpa",
		"0.89.10.in-addr.arpa",	"1.1.1.1.in-addr.arpa",	"-5.0.89.10.in-addr.arpa",
		"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.e.f.ip6.arpa",
		"g.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.6.4.7.9.6.0.7.d.f.ip6.arpa",
		"d.f.ip6.arpa", "a b.ramp", "in-addr.arpa",
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(answer(query(others[i], 12)), 0);
	assert_int_equal(answer(query("", 2)), 0); // the root
}

static void backwards(void **state)
{
	check_record(query("5.0.89.10.in-addr.arpa", 12), 12, "\3web\4ramp", 10);
	check_record(query("5.0.0.0.9.5.e.f.f.f.a.0.0.7.0.0.0.0.0.0.0.0.8.6.4.7.9.6.0.7.d.f.ip6.arpa", 12), 12,
		     "\3web\4ramp", 10);
}

static void malformed(void **state)
{
	size_t len = query("web", 1);

	for (size_t n = 0; n < len; n++)
		assert_int_equal(answer(n), 0);
	q[2] = 0x81; // an answer
	assert_int_equal(answer(len), 0);
	query("web", 1);
	q[2] = 0x29; // another opcode
	assert_int_equal(answer(len), 0);
	query("web", 1);
	q[5] = 2;
	assert_int_equal(answer(len), 0);
	q[5] = 0;
	assert_int_equal(answer(len), 0);
	query("web", 1);
	q[12] = 0xc0; // a pointer
	assert_int_equal(answer(len), 0);
	query("web", 1);
	q[len - 1] = 3; // CHAOS
	assert_int_equal(answer(len), 0);
	query("web", 1);
	q[13] = 0;
	assert_int_equal(answer(len), 0);
	query("web", 1);
	q[13] = '.';
	assert_int_equal(answer(len), 0);
}

static void long_names(void **state)
{
	char name[300];

	memset(name, 'a', sizeof(name));
	for (int i = 63; i < 300; i += 64)
		name[i] = '.';
	name[253] = 0;
	assert_int_equal(answer(query(name, 1)), 0); // with dots, and not ours
	memcpy(name + 248, ".ramp", 6);
	no_such(name);
	assert_int_equal(strlen(name), 253);
	memset(name + 248, 'a', 6);
	memcpy(name + 249, ".ramp", 6);
	assert_int_equal(answer(query(name, 1)), 0); // longer than names are
}

static void extended(void **state)
{
	size_t len = query("web", 1);

	q[11] = 1; // EDNS: something behind the question
	memcpy(q + len, "\0\0\x29\x10\0\0\0\0\0\0\0", 11);
	assert_int_equal(answer(len + 11), len + 16);
	assert_int_equal(a[11], 0);
}

// Frames

static uint8_t f[700];

static size_t frame(size_t message)
{
	uint32_t me = frame_v4(5), server = frame_v4(3);

	memset(f, 0, sizeof(f));
	memset(f, 0x52, 6);
	frame_mac(f + 6, 5);
	f[12] = 8;
	f[14] = 0x45;
	f[16] = (uint8_t)((28 + message) >> 8);
	f[17] = (uint8_t)(28 + message);
	f[23] = 17;
	memcpy(f + 26, &me, 4);
	memcpy(f + 30, &server, 4);
	memcpy(f + 34, "\xab\xcd\0\x35", 4);
	f[38] = (uint8_t)((8 + message) >> 8);
	f[39] = (uint8_t)(8 + message);
	memcpy(f + 42, q, message);
	return 42 + message;
}

static size_t reply_to(size_t len, uint8_t *r)
{
	uint8_t *exact = malloc(len ? len : 1);
	size_t n;

	memcpy(exact, f, len);
	n = names_frame(&names, exact, len, r);
	free(exact);
	return n;
}

static void frames(void **state)
{
	uint8_t r[NAMES_FRAME_MAX];
	size_t message = query("web", 1), len = frame(message);

	assert_int_equal(reply_to(len, r), len + 16);
	assert_memory_equal(r, f + 6, 6);
	assert_memory_equal(r + 6, f, 6);
	assert_int_equal(frame_sum(0, r + 14, 20), 0xffff);
	assert_memory_equal(r + 26, f + 30, 4);
	assert_memory_equal(r + 30, f + 26, 4);
	assert_memory_equal(r + 34, "\0\x35\xab\xcd", 4);
	assert_int_equal(r[39], 8 + message + 16);
	assert_memory_equal(r + 42, "\x12\x34\x85", 3);
	assert_int_equal(reply_to(len + 4, r), len + 16); // padding
}

static void other_frames(void **state)
{
	uint8_t r[NAMES_FRAME_MAX];
	size_t message = query("web", 1), len = frame(message);
	static const struct { size_t at; uint8_t value; } bad[] = {
		{ 12, 6 }, { 14, 0x46 }, { 20, 0x20 }, { 21, 1 }, { 23, 6 }, { 33, 2 }, { 37, 54 }, { 39, 7 }, { 38, 2 },
		{ 17, 20 }, { 16, 2 },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		frame(message);
		f[bad[i].at] = bad[i].value;
		assert_int_equal(reply_to(len, r), 0);
	}
	frame(message);
	for (size_t n = 0; n < len; n++)
		assert_int_equal(reply_to(n, r), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses), cmocka_unit_test(both),	   cmocka_unit_test(other_types_are_empty),
		cmocka_unit_test(unknown),   cmocka_unit_test(not_ours),   cmocka_unit_test(backwards),
		cmocka_unit_test(malformed), cmocka_unit_test(long_names), cmocka_unit_test(extended),
		cmocka_unit_test(frames),    cmocka_unit_test(other_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
