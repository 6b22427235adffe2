// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Command lines of images as arguments in GRUB's script language, and what GRUB can start.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <export/multiboot.h>
#include <export/words.h>

static struct failure why;

static void words(void **state)
{
	const char *const good[][2] = {
		{ "", "" },
		{ "   ", "" },
		{ "a", " 'a'" },
		{ "  ip=dhcp   trace ", " 'ip=dhcp' 'trace'" },
		{ "-- -g \"daemon off;\"", " '--' '-g' 'daemon off;'" },
		{ "env=\"A=b c\"d", " 'env=A=b cd'" },
		{ "it's", " 'it'\\''s'" },
		{ "\\\"\\\\\\'", " '\"\\'\\'''" },
		{ "a\\b \\", " 'a\\b' '\\'" }, // no escape: it stays
		{ "\"\\\"\"", " '\"'" },
		{ "$x;`|&{}#", " '$x;`|&{}#'" },
		{ "\xc3\xa4", " '\xc3\xa4'" },
	};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		char *got = words_for_grub(good[i][0], &why);

		assert_non_null(got);
		assert_string_equal(got, good[i][1]);
		free(got);
	}
}

static void no_words(void **state)
{
	const char *const bad[][2] = {
		{ "\"", "is missing" },	  { "a \"b c", "is missing" },
		{ "\"\\\"", "is missing" }, { "\"\"", "empty" },
		{ "a \"\" b", "empty" },  { "a\nb", "control characters" },
		{ "\t", "control characters" }, { "\x7f", "control characters" },
		{ "\"a\nb\"", "control characters" },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_null(words_for_grub(bad[i][0], &why));
		assert_non_null(strstr(why.text, bad[i][1]));
		assert_non_null(strstr(why.text, "--append"));
	}
}

// Room is counted for the worst.
static void worst_words(void **state)
{
	char quotes[1001], singles[1001], *got;

	memset(quotes, '\'', 1000);
	for (unsigned i = 0; i < 1000; i++)
		singles[i] = i % 2 ? ' ' : '\'';
	quotes[1000] = singles[1000] = 0;
	got = words_for_grub(quotes, &why);
	assert_int_equal(strlen(got), 1000 * 4 + 3);
	free(got);
	got = words_for_grub(singles, &why);
	assert_int_equal(strlen(got), 500 * (4 + 3));
	free(got);
}

static void header(uint8_t *at, uint32_t length)
{
	put32(at, MULTIBOOT_MAGIC);
	put32(at + 4, 0);
	put32(at + 8, length);
	put32(at + 12, 0u - MULTIBOOT_MAGIC - length);
}

static void multiboot(void **state)
{
	const size_t len = MULTIBOOT_SEARCH + 64;
	uint8_t *b = calloc(1, len);

	assert_false(multiboot_has_header(b, len));
	assert_false(multiboot_has_header(b, 0));
	for (size_t at = 0; at <= MULTIBOOT_SEARCH - 24; at += 4072) {
		header(b + at, 24);
		assert_true(multiboot_has_header(b, len));
		assert_true(multiboot_has_header(b, at + 24));
		assert_false(multiboot_has_header(b, at + 23)); // cut off
		assert_false(multiboot_has_header(b, at + 12));
		b[at + 12] ^= 1; // its sum
		assert_false(multiboot_has_header(b, len));
		memset(b + at, 0, 24);
	}
	header(b + 4, 24); // not aligned
	assert_false(multiboot_has_header(b, len));
	memset(b, 0, 64);
	header(b + MULTIBOOT_SEARCH, 24); // too late
	assert_false(multiboot_has_header(b, len));
	header(b, 8); // shorter than a header
	assert_false(multiboot_has_header(b, len));
	header(b, 0xfffffff0);
	assert_false(multiboot_has_header(b, len));
	free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(no_words),
		cmocka_unit_test(worst_words),
		cmocka_unit_test(multiboot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
