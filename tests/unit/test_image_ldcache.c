// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// ld.so.cache: read back as glibc's loader does, by halves, with an order of names written again here.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <image/ldcache.h>

struct entry {
	int32_t flags;
	uint32_t key, value, osversion;
	uint64_t hwcap;
};

static struct libraries libs;
static struct search search;
static uint8_t *cache;
static size_t cache_len;

static int setup(void **state)
{
	memset(&libs, 0, sizeof(libs));
	memset(&search, 0, sizeof(search));
	libs.search = &search;
	strings_add(&search.configured, "/opt/lib");
	strings_add(&search.usual, "/lib");
	return 0;
}

static int teardown(void **state)
{
	for (size_t i = 0; i < libs.count; i++) {
		free(libs.at[i]->guest);
		free(libs.at[i]);
	}
	free(libs.at);
	strings_free(&search.configured);
	strings_free(&search.usual);
	free(cache);
	cache = NULL;
	return 0;
}

static void add(const char *guest)
{
	libs.at = realloc(libs.at, (libs.count + 1) * sizeof(*libs.at));
	libs.at[libs.count] = calloc(1, sizeof(struct library));
	libs.at[libs.count++]->guest = strdup(guest);
}

// Numbers in names compare as numbers.
static int order(const char *a, const char *b)
{
	for (; *a || *b; a++, b++) {
		int x = *a >= '0' && *a <= '9', y = *b >= '0' && *b <= '9';

		if (x && y) {
			int m = (int)strtol(a, (char **)&a, 10), n = (int)strtol(b, (char **)&b, 10);

			if (m != n)
				return m - n;
			a--;
			b--;
		} else if (x != y) {
			return x - y;
		} else if (*a != *b) {
			return *a - *b;
		}
	}
	return 0;
}

static const char *text(uint32_t off)
{
	assert_true(off < cache_len);
	assert_non_null(memchr(cache + off, 0, cache_len - off));
	return (char *)cache + off;
}

static const char *look_up(const char *name)
{
	const struct entry *e = (void *)(cache + 48);
	uint32_t count;
	int left = 0, right;

	memcpy(&count, cache + 20, 4);
	for (right = (int)count - 1; left <= right;) {
		int mid = (left + right) / 2, c = order(name, text(e[mid].key));

		if (!c) {
			assert_int_equal(e[mid].flags, 0x303);
			return text(e[mid].value);
		}
		if (c < 0)
			left = mid + 1;
		else
			right = mid - 1;
	}
	return NULL;
}

static void made(void)
{
	free(cache);
	cache = ldcache_make(&libs, &cache_len);
	assert_non_null(cache);
	assert_memory_equal(cache, "glibc-ld.so.cache1.1", 20);
}

static void nothing(void **state)
{
	made();
	assert_int_equal(cache_len, 48);
	assert_null(look_up("liba.so"));
}

static void finds_each(void **state)
{
	static const char *const names[] = { "liba.so.1", "liba.so.10", "liba.so.2", "lib2.so", "lib10.so", "lib-x.so", "libab.so", "liba.so",
					     "libA.so", "lib1a2.so", "lib1a10.so", "lib01a3.so", "a", "libstdc++.so.6", "ld-linux-x86-64.so.2" };
	char path[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "/lib/%s", names[i]);
		add(path);
	}
	made();
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "/lib/%s", names[i]);
		if (!look_up(names[i]))
			fail_msg("%s is not found", names[i]);
		assert_string_equal(look_up(names[i]), path);
	}
	assert_null(look_up("libb.so"));
}

static void first_folder_wins(void **state)
{
	add("/lib/liba.so");
	add("/opt/lib/liba.so");
	add("/lib/sub/libb.so"); // in no folder of the loader's
	add("/libc.so");
	made();
	assert_string_equal(look_up("liba.so"), "/opt/lib/liba.so");
	assert_null(look_up("libb.so"));
	assert_null(look_up("libc.so"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { T(nothing), T(finds_each), T(first_folder_wins) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
