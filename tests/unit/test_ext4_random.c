// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Random operations on each kind of file system, compared with a model and looked at by e2fsck.
// EXT4_ROUNDS: how many more than usual; EXT4_SEED.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ext4/model.h"

static const struct {
	const char *options;
	uint64_t size;
	bool big_names;
} kinds[] = {
	{ "-t ext4 -b 1024 -N 400", 12 << 20, true },
	{ "-t ext4 -b 4096", 24 << 20, false },
	{ "-t ext2 -b 1024", 8 << 20, true },
	{ "-t ext3 -b 2048", 16 << 20, false },
	{ "-t ext4 -b 1024 -g 1024 -O ^resize_inode", 10 << 20, false },
	{ "-t ext4 -b 1024 -O ^metadata_csum,uninit_bg,^64bit", 10 << 20, true },
};

static struct model m;

static void round_of(size_t kind, unsigned steps)
{
	struct disk d;

	disk_make(&d, kinds[kind].size, kinds[kind].options);
	model_init(&m);
	m.big_names = kinds[kind].big_names;
	m.limit = m.big_names ? 300 : 60;
	assert_int_equal(vol_mount(&m.v, &d), 0);
	for (unsigned i = 0; i < steps; i++) {
		model_step(&m);
		if (i % 100 == 99)
			model_compare(&m);
		if (i % 400 != 399)
			continue;
		model_close(&m);
		assert_int_equal(vol_unmount(&m.v), 0);
		assert_int_equal(disk_fsck(&d, "-fn", 0), 0);
		assert_int_equal(vol_mount(&m.v, &d), 0);
		model_compare(&m);
	}
	assert_int_equal(vol_unmount(&m.v), 0); // with files that are open
	assert_int_equal(disk_fsck(&d, "-fn", 0), 0);
	model_free(&m);
	disk_free(&d);
}

static void test_random(void **state)
{
	const char *more = getenv("EXT4_ROUNDS"), *seed = getenv("EXT4_SEED");
	unsigned rounds = more ? (unsigned)atoi(more) : 1;
	long before = env_allocations;

	env_quiet = true;
	for (unsigned i = 0; i < rounds; i++) {
		for (size_t kind = 0; kind < sizeof(kinds) / sizeof(kinds[0]); kind++) {
			srandom((seed ? (unsigned)atoi(seed) : 1) + i);
			if (more)
				fprintf(stderr, "%u %s\n", i, kinds[kind].options);
			round_of(kind, 1200);
		}
	}
	assert_int_equal(env_allocations, before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
