// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Sizes of files, and rooms in them, to the limits of kernel/fs/ext4.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ext4/files.h"
#include <asm-generic/errno.h>

static void test_holes(void **state)
{
	struct disk d;
	struct vol v;
	uint32_t f;

	disk_open(&d, &v, 16 * MIB, "-t ext4 -b 1024");
	f = make_file(&v, 1, "file", 0, 1);
	assert_int_equal(vol_write(&v, f, 100000, "abc", 3, 0), 3);
	assert_int_equal(vol_seek(&v, f, 0, 3), 99328);
	assert_int_equal(vol_seek(&v, f, 0, 4), 0);
	assert_int_equal(vol_seek(&v, f, 100000, 4), 100003);
	assert_int_equal(vol_seek(&v, f, 100003, 3), -ENXIO);
	assert_int_equal(vol_seek(&v, f, 0, 5), -EINVAL);
	assert_int_equal(vol_allocate(&v, f, 2, 0, 10), -EOPNOTSUPP);
	assert_int_equal(vol_allocate(&v, f, 0x10, 0, 10), -EOPNOTSUPP);
	assert_int_equal(vol_allocate(&v, f, 0, 0, 0), -EINVAL);
	assert_int_equal(vol_allocate(&v, f, 0, 0, 1ull << 50), -EFBIG);
	assert_int_equal(vol_write(&v, f, 1ull << 50, "abc", 3, 0), -EFBIG);
	assert_int_equal(vol_truncate(&v, f, 1ull << 50), -EFBIG);
	assert_int_equal(vol_truncate(&v, f, 1ull << 41), 0);
	assert_int_equal(vol_truncate(&v, f, 0), 0);
	disk_close(&d, &v);
}

#define KEEP_SIZE 1u
#define PUNCH_HOLE 2u
#define SEEK_DATA_ 3

// A hole of more blocks than 32 bits count: everything that there is goes.
static void test_hole_without_end(void **state)
{
	static const char *const kinds[] = { "-t ext4 -b 1024", "-t ext3 -b 1024" };

	for (size_t i = 0; i < 2; i++) {
		struct disk d;
		struct vol v;
		uint32_t f;

		disk_open(&d, &v, 16 * MIB, kinds[i]);
		f = make_file(&v, 1, "file", 100000, 1);
		assert_int_equal(vol_allocate(&v, f, KEEP_SIZE | PUNCH_HOLE, 1024, 1ull << 42), 0);
		assert_int_equal(vol_seek(&v, f, 1024, SEEK_DATA_), -ENXIO);
		assert_int_equal(vol_allocate(&v, f, KEEP_SIZE | PUNCH_HOLE, 0, 1ull << 62), 0);
		assert_int_equal(vol_seek(&v, f, 0, SEEK_DATA_), -ENXIO);
		assert_int_equal(vol_getattr(&v, f), 0);
		assert_int_equal(v.r.attr.size, 100000);
		assert_int_equal(v.r.attr.blocks, 0);
		disk_close(&d, &v);
	}
}

// What was allocated behind the end goes when the file is cut off there, as on Linux.
static void test_room_behind_the_end(void **state)
{
	struct disk d;
	struct vol v;
	uint32_t f;

	disk_open(&d, &v, 16 * MIB, "-t ext4 -b 1024");
	f = make_file(&v, 1, "file", 1500, 1);
	assert_int_equal(vol_allocate(&v, f, KEEP_SIZE, 0, MIB), 0);
	assert_int_equal(vol_getattr(&v, f), 0);
	assert_int_equal(v.r.attr.blocks, MIB / 512);
	assert_int_equal(vol_truncate(&v, f, 1500), 0);
	assert_int_equal(vol_getattr(&v, f), 0);
	assert_int_equal(v.r.attr.blocks, 4);
	check_file(&v, f, 1500, 1);
	disk_close(&d, &v);
}

// Without the feature large_file no file has 2 GiB: e2fsck would find fault with it.
static void test_without_large_file(void **state)
{
	static const char *const kinds[] = { "-t ext4 -O ^large_file", "-t ext2 -r 0 -b 1024" };

	for (size_t i = 0; i < 2; i++) {
		struct disk d;
		struct vol v;
		uint32_t f;

		disk_open(&d, &v, 16 * MIB, kinds[i]);
		f = make_file(&v, 1, "file", 10, 1);
		assert_int_equal(vol_truncate(&v, f, 1ull << 31), -EFBIG);
		assert_int_equal(vol_write(&v, f, INT32_MAX, "abc", 3, 0), -EFBIG);
		assert_int_equal(vol_write(&v, f, INT32_MAX - 2, "abc", 3, 0), 2);
		assert_int_equal(vol_getattr(&v, f), 0);
		assert_int_equal(v.r.attr.size, INT32_MAX);
		disk_close(&d, &v);
	}
}

// A damaged size: no position in the file is block 2^32 or behind it.
static void test_impossible_size(void **state)
{
	struct disk d;
	struct vol v;

	env_quiet = true;
	disk_open(&d, &v, 16 * MIB, "-t ext4 -b 4096|sif lost+found size 0x100000000000");
	assert_int_equal(vol_lookup(&v, 1, "lost+found"), -EUCLEAN);
	assert_int_equal(vol_unmount(&v), 0);
	disk_free(&d);
	env_quiet = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_hole_without_end),
		cmocka_unit_test(test_room_behind_the_end),
		cmocka_unit_test(test_without_large_file),
		cmocka_unit_test(test_impossible_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
