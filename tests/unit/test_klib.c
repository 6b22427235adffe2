// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/core: strings, formatted text, random numbers, beside the host's libc. The library OS's
// functions are renamed (kernel.mk).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <core/klib.h>
#include <core/random.h>

size_t k_strlen(const char *s);
size_t k_strnlen(const char *s, size_t max);
int k_strcmp(const char *a, const char *b);
int k_strncmp(const char *a, const char *b, size_t n);
char *k_strchr(const char *s, int c);
char *k_strrchr(const char *s, int c);
void *k_memchr(const void *s, int c, size_t n);
int k_memcmp(const void *a, const void *b, size_t n);
void *k_memcpy(void *dst, const void *src, size_t n);
void *k_memmove(void *dst, const void *src, size_t n);
void *k_memset(void *dst, int c, size_t n);

static int sign(int v)
{
	return (v > 0) - (v < 0);
}

static void strings(void **state)
{
	static const char *const words[] = { "",     "a", "ab",	      "abc",	  "abd",
					     "\xff", "b", "abcdefgh", "abcdefghi" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		assert_int_equal(k_strlen(words[i]), strlen(words[i]));
		assert_int_equal(k_strnlen(words[i], 2), strnlen(words[i], 2));
		assert_ptr_equal(k_strchr(words[i], 'b'), strchr(words[i], 'b'));
		assert_ptr_equal(k_strchr(words[i], 0), strchr(words[i], 0));
		assert_ptr_equal(k_strrchr(words[i], 'c'), strrchr(words[i], 'c'));
		assert_ptr_equal(k_memchr(words[i], 'b', strlen(words[i])),
				 memchr(words[i], 'b', strlen(words[i])));
		for (size_t k = 0; k < ARRAY_LEN(words); k++) {
			assert_int_equal(sign(k_strcmp(words[i], words[k])),
					 sign(strcmp(words[i], words[k])));
			assert_int_equal(sign(k_strncmp(words[i], words[k], 2)),
					 sign(strncmp(words[i], words[k], 2)));
		}
	}
}

// Every length around the switch to string instructions, every alignment, and overlap both ways.
static void memory(void **state)
{
	uint8_t a[512], b[512], c[512];

	for (size_t i = 0; i < sizeof(a); i++)
		a[i] = (uint8_t)(i * 37 + 11);
	for (size_t n = 0; n < 200; n++) {
		for (size_t off = 0; off < 9; off++) {
			memset(b, 0, sizeof(b));
			memset(c, 0, sizeof(c));
			assert_ptr_equal(k_memcpy(b + off, a + 3, n), b + off);
			memcpy(c + off, a + 3, n);
			assert_memory_equal(b, c, sizeof(b));
			assert_ptr_equal(k_memset(b + off, (int)n, n), b + off);
			memset(c + off, (int)n, n);
			assert_memory_equal(b, c, sizeof(b));
			memcpy(b, a, sizeof(a));
			memcpy(c, a, sizeof(a));
			assert_ptr_equal(k_memmove(b + 100 + off, b + 104, n), b + 100 + off);
			memmove(c + 100 + off, c + 104, n);
			assert_memory_equal(b, c, sizeof(b));
			assert_int_equal(k_memcmp(b, c, sizeof(b)), 0);
			c[n] ^= 0x80;
			assert_int_equal(sign(k_memcmp(b, c, sizeof(b))),
					 sign(memcmp(b, c, sizeof(b))));
		}
	}
}

#define SAME(...) do { \
	char want_[128], got_[128]; \
	int n_ = snprintf(want_, sizeof(want_), __VA_ARGS__); \
	assert_int_equal(ksnprintf(got_, sizeof(got_), __VA_ARGS__), n_); \
	assert_string_equal(got_, want_); \
} while (0)

static void format_like_libc(void **state)
{
	SAME("plain");
	SAME("100%%");
	SAME("%d %i %u", -5, 7, 4000000000u);
	SAME("%ld %lu", (long)INT64_MIN, (unsigned long)UINT64_MAX);
	SAME("%lld %zu", -1ll, (size_t)12345678901ull);
	SAME("%x %X %08x %-8x|", 0xbeefu, 0xBEEFu, 0xbeefu, 0xbeefu);
	SAME("%016lx", 0x123456789abcdef0ul);
	SAME("[%5d] [%-5d] [%05d] [%05d]", 42, 42, 42, -42);
	SAME("[%s] [%10s] [%-10s] [%.2s] [%.*s]", "text", "text", "text", "text", 3, "text");
	SAME("[%*d]", 6, 42);
	SAME("%c%c", 'a', 'b');
	SAME("%p", (void *)0x1234);
	SAME("%d", 0);
}

static void format_is_cut(void **state)
{
	char buf[8] = "xxxxxxx";

	assert_int_equal(ksnprintf(buf, sizeof(buf), "%s", "0123456789"), 10);
	assert_string_equal(buf, "0123456");
	assert_int_equal(ksnprintf(buf, 1, "%d", 12345), 5);
	assert_string_equal(buf, "");
	buf[0] = 'y';
	assert_int_equal(ksnprintf(buf, 0, "abc"), 3);
	assert_int_equal(buf[0], 'y');
}

static void format_unknown(void **state)
{
	char buf[32];
	const char *const fmts[] = { "a%", "a%q", "%-5" };
	const char *volatile nothing = NULL;

	ksnprintf(buf, sizeof(buf), fmts[0], 1);
	assert_string_equal(buf, "a%");
	ksnprintf(buf, sizeof(buf), fmts[1], 1);
	assert_string_equal(buf, "a%q");
	ksnprintf(buf, sizeof(buf), fmts[2], 1);
	assert_string_equal(buf, "%");
	ksnprintf(buf, sizeof(buf), "%s", nothing);
	assert_string_equal(buf, "(null)");
}

// RFC 8439, 2.3.2.
static void chacha20_vector(void **state)
{
	uint32_t in[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 }, out[16];
	const uint32_t want[4] = { 0xe4e7f110, 0x15593bd1, 0x1fdd0f50, 0xc47120a3 };

	for (int i = 0; i < 8; i++)
		in[4 + i] = 0x03020100u + 0x04040404u * (uint32_t)i;
	in[12] = 1;
	in[13] = 0x09000000;
	in[14] = 0x4a000000;
	chacha20_block(in, out);
	assert_memory_equal(out, want, sizeof(want));
	assert_int_equal(out[15], 0x4e3c50a2);
}

static void random_differs(void **state)
{
	uint8_t seed[64] = { 1 }, a[100], b[100];

	random_seed(seed);
	random_bytes(a, sizeof(a));
	random_bytes(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
	random_seed(seed);
	random_bytes(b, sizeof(b));
	assert_memory_equal(a, b, sizeof(a));
	seed[63] = 1; // every byte of the seed counts
	random_seed(seed);
	random_bytes(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
}

static void after_adding(uint8_t out[40], const void *bytes, size_t n)
{
	random_seed((const uint8_t[64]){ 1 });
	random_add(bytes, n);
	random_bytes(out, 40);
}

static void random_adds(void **state)
{
	uint8_t more[70] = { 0 }, none[40], with[40], other[40];

	after_adding(none, NULL, 0);
	random_seed((const uint8_t[64]){ 1 });
	random_bytes(other, sizeof(other));
	assert_memory_equal(none, other, sizeof(none));
	for (size_t n = 1; n <= sizeof(more); n++) {
		after_adding(with, more, n);
		assert_memory_not_equal(with, none, sizeof(with)); // even zeros make a new key
		more[n - 1] = 1;
		after_adding(other, more, n); // every byte counts
		assert_memory_not_equal(with, other, sizeof(with));
		more[n - 1] = 0;
		after_adding(other, more, n);
		assert_memory_equal(with, other, sizeof(with));
	}
	// The seed counts as much as before.
	random_seed((const uint8_t[64]){ 2 });
	random_add(more, sizeof(more));
	random_bytes(other, sizeof(other));
	assert_memory_not_equal(with, other, sizeof(with));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings),
		cmocka_unit_test(memory),
		cmocka_unit_test(format_like_libc),
		cmocka_unit_test(format_is_cut),
		cmocka_unit_test(format_unknown),
		cmocka_unit_test(chacha20_vector),
		cmocka_unit_test(random_differs),
		cmocka_unit_test(random_adds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
