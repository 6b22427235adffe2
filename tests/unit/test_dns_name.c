// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Domain names: the text of zone files, and untrusted wire format.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../apps/dns/name.h"

static const uint8_t origin[] = "\4pith\4test";

static int from_text(uint8_t *out, const char *s, const uint8_t *base, const char **why)
{
	*why = NULL;
	return name_from_text(out, s, strlen(s), base, why);
}

static void text_good(void **state)
{
	static const struct {
		const char *text;
		const char *wire;
		int len;
	} cases[] = {
		{ "a", "\1a\4pith\4test", 13 },   { "A.b", "\1a\1b\4pith\4test", 15 },
		{ "A.b.", "\1a\1b", 5 },          { "@", "\4pith\4test", 11 },
		{ ".", "", 1 },                   { "a\\.b.", "\3a.b", 5 },
		{ "\\065.", "\1a", 3 },           { "\\@", "\1@\4pith\4test", 13 },
		{ "*.x.", "\1*\1x", 5 },          { "\\000.", "\1\0", 3 },
	};
	uint8_t out[NAME_MAX_LEN];
	const char *why;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int n = from_text(out, cases[i].text, origin, &why);

		assert_int_equal(n, cases[i].len);
		assert_memory_equal(out, cases[i].wire, (size_t)n);
		assert_int_equal(name_len(out), n);
	}
}

static void text_bad(void **state)
{
	static const char *const cases[] = {
		"", ".a", "a..b", "a..", "\\", "a\\1", "a\\12", "a\\256", "a\\1x2", "..",
	};
	uint8_t out[NAME_MAX_LEN];
	const char *why;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(from_text(out, cases[i], origin, &why), -EINVAL);
		assert_non_null(why);
	}
	assert_int_equal(from_text(out, "a", NULL, &why), -EINVAL);
	assert_int_equal(from_text(out, "@", NULL, &why), -EINVAL);
	assert_int_equal(from_text(out, "a.", NULL, &why), 3);
}

// The longest label and the longest name fit; one octet more does not. The buffer is on the heap,
// of the exact size, for the sanitizer to watch.
static void text_limits(void **state)
{
	uint8_t *out = malloc(NAME_MAX_LEN);
	char text[300];
	const char *why;

	(void)state;
	memset(text, 'a', sizeof(text));
	text[63] = '.';
	text[64] = '\0';
	assert_int_equal(from_text(out, text, origin, &why), 65);
	text[63] = 'a';
	assert_int_equal(from_text(out, text, origin, &why), -EINVAL);
	text[64] = 'a';
	text[63] = text[127] = text[191] = '.';
	text[253] = '.'; // 64 * 3 + 62 + 1: 255 octets
	text[254] = '\0';
	assert_int_equal(from_text(out, text, origin, &why), 255);
	text[253] = '\0';
	assert_int_equal(from_text(out, text, (const uint8_t *)"", &why), 255);
	assert_int_equal(from_text(out, text, origin, &why), -EINVAL);
	text[253] = 'a';
	assert_int_equal(from_text(out, text, (const uint8_t *)"", &why), -EINVAL);
	free(out);
}

static int parse(struct name_key *key, const char *wire, size_t n)
{
	uint8_t *copy = malloc(n + 1), *p = copy + 1; // ends where the heap block does
	int r;

	memcpy(p, wire, n);
	r = name_key_parse(key, p, p + n);
	free(copy);
	return r;
}

static void wire_good(void **state)
{
	struct name_key key, upper;

	(void)state;
	assert_int_equal(parse(&key, "\1a\2Bc\0rest", 10), 6);
	assert_int_equal(key.labels, 2);
	assert_int_equal(key.off[1], 2);
	assert_int_equal(key.off[2], 5);
	assert_memory_equal(key.lower, "\1a\2bc", 6);
	assert_int_equal(parse(&upper, "\1A\2BC", 6), 6);
	assert_int_equal(key.hash[0], upper.hash[0]);
	assert_int_equal(parse(&upper, "\2BC", 4), 4);
	assert_int_equal(key.hash[1], upper.hash[0]); // a suffix hashes as the name that it is
	assert_int_equal(parse(&key, "", 1), 1);
	assert_int_equal(key.labels, 0);
}

static void wire_bad(void **state)
{
	struct name_key key;
	char longest[300];

	(void)state;
	assert_int_equal(parse(&key, "", 0), -EBADMSG);
	assert_int_equal(parse(&key, "\1", 1), -EBADMSG);
	assert_int_equal(parse(&key, "\1a", 2), -EBADMSG);
	assert_int_equal(parse(&key, "\5ab", 4), -EBADMSG);
	assert_int_equal(parse(&key, "\300\14", 2), -EBADMSG);
	assert_int_equal(parse(&key, "\1a\300\0", 4), -EBADMSG);
	assert_int_equal(parse(&key, "\100a", 3), -EBADMSG);
	assert_int_equal(parse(&key, "\377", 1), -EBADMSG);
	for (int i = 0; i < 300; i += 2) {
		longest[i] = 1;
		longest[i + 1] = 'a';
	}
	longest[254] = 0;
	assert_int_equal(parse(&key, longest, 255), 255);
	assert_int_equal(key.labels, NAME_MAX_LABELS);
	longest[254] = 1;
	longest[256] = 0;
	assert_int_equal(parse(&key, longest, 257), -EBADMSG);
}

static void below(void **state)
{
	(void)state;
	assert_true(name_is_below((const uint8_t *)"\1a\4pith\4test", origin));
	assert_true(name_is_below(origin, origin));
	assert_true(name_is_below(origin, (const uint8_t *)""));
	assert_false(name_is_below((const uint8_t *)"\5xpith\4test", origin));
	assert_false(name_is_below((const uint8_t *)"\4test", origin));
	assert_false(name_is_below((const uint8_t *)"\1a\4pity\4test", origin));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_good), cmocka_unit_test(text_bad),
		cmocka_unit_test(text_limits), cmocka_unit_test(wire_good),
		cmocka_unit_test(wire_bad), cmocka_unit_test(below),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
