// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/fs/ext4 without room, without memory, and on a disk that fails: what does not work changes
// nothing.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ext4/files.h"
#include <asm-generic/errno.h>

static uint64_t blocks_free(struct vol *v)
{
	assert_int_equal(vol_statfs(v), 0);
	return v->r.statfs.bfree;
}

// A disk that is full, for names, blocks and inodes: what fails changes nothing.
static void test_full(void **state)
{
	static const char *const small[] = { "-t ext4 -b 1024 -N 64", "-t ext2 -b 1024 -N 64",
					     "-t ext3 -b 1024 -N 64" };
	static uint8_t data[MIB];
	char name[64];
	struct disk d;
	struct vol v;

	env_quiet = true;
	for (size_t i = 0; i < 3; i++) {
		uint64_t was;
		int64_t f, r;
		uint64_t off = 0;

		disk_open(&d, &v, 4 * MIB, small[i]);
		was = blocks_free(&v);
		f = vol_create(&v, 1, "file", 0100644);
		while ((r = vol_write(&v, (uint32_t)f, off, data, sizeof(data), 0)) > 0)
			off += (uint64_t)r;
		assert_int_equal(r, -ENOSPC);
		assert_true(blocks_free(&v) < 4);
		assert_int_equal(vol_create(&v, 1, "dir", 0040755), -ENOSPC);
		// What is freed can be had at once, although the transaction is not committed.
		assert_int_equal(vol_truncate(&v, (uint32_t)f, 100), 0);
		r = vol_write(&v, (uint32_t)f, 0, data, sizeof(data), 0);
		assert_int_equal(r, sizeof(data));
		assert_int_equal(vol_truncate(&v, (uint32_t)f, 0), 0);
		assert_int_equal(blocks_free(&v), was);
		for (unsigned k = 0;; k++) {
			snprintf(name, sizeof(name), "file %u", k);
			r = vol_create(&v, 1, name, 0100644);
			if (r < 0)
				break;
		}
		assert_int_equal(r, -ENOSPC); // inodes
		disk_close(&d, &v);
	}
	env_quiet = false;
}

// The n-th allocation fails: the operation does, and nothing is left of it.
static void test_no_memory(void **state)
{
	struct disk d;
	struct vol v;
	unsigned failed = 0;

	env_quiet = true;
	disk_make(&d, 16 * MIB, "-t ext4 -b 1024");
	for (long n = 0; n < 60; n++) {
		int r;

		env_fail_after = n;
		r = vol_mount(&v, &d);
		failed += r != 0;
		env_fail_after = -1;
		if (!r)
			assert_int_equal(vol_unmount(&v), 0);
	}
	assert_true(failed > 5);
	assert_int_equal(vol_mount(&v, &d), 0);
	for (long n = 0; n < 300; n++) {
		char name[32];
		int64_t f;

		snprintf(name, sizeof(name), "file %ld", n);
		env_fail_after = n % 40;
		f = vol_create(&v, 1, name, n % 3 ? 0100644 : 0040755);
		if (f > 0 && n % 3) {
			vol_write(&v, (uint32_t)f, 100000, "abc", 3, 0);
			vol_truncate(&v, (uint32_t)f, 10);
		}
		vol_rename(&v, 1, name, 1, "other", 0);
		env_fail_after = -1;
		if (f < 0 && f != -ENOMEM)
			fail_msg("create: %ld (%s)", (long)f, env_said);
		failed += f < 0;
	}
	assert_true(failed > 50);
	assert_false(ext4_readonly(v.fs));
	disk_close(&d, &v);
	env_quiet = false;
}

// A disk that fails to write: what was acknowledged stays, and nothing is written any more.
static void test_disk_fails(void **state)
{
	env_quiet = true;
	for (long n = 0; n < 40; n += 3) {
		uint32_t f = 0;
		struct disk d;
		struct vol v;
		bool durable;

		disk_open(&d, &v, 8 * MIB, "-t ext4 -b 1024");
		f = make_file(&v, 1, "before", 5000, 1);
		assert_int_equal(vol_fsync(&v, f, false), 0);
		d.fail_after = n;
		for (unsigned k = 0; k < 40; k++) {
			char name[16];
			int64_t g;

			snprintf(name, sizeof(name), "%u", k);
			g = vol_create(&v, 1, name, 0100644);
			if (g > 0)
				vol_write(&v, (uint32_t)g, 0, name, 2, 0);
			if (k % 10 == 9)
				vol_fsync(&v, f, false);
		}
		durable = !ext4_readonly(v.fs);
		assert_int_equal(vol_fsync(&v, f, false), durable ? 0 : -EIO);
		assert_true(vol_unmount(&v) < 0 || durable);
		d.fail_after = -1;
		assert_int_equal(vol_mount(&v, &d), 0);
		check_file(&v, (uint32_t)vol_lookup(&v, 1, "before"), 5000, 1);
		disk_close(&d, &v);
	}
	env_quiet = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_disk_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
