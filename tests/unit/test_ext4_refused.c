// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What kernel/fs/ext4 refuses, or only reads.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ext4/files.h"
#include <asm-generic/errno.h>
#include <fs/ext4/disk.h>

static int mount_said(struct disk *d, struct vol *v)
{
	env_said[0] = 0;
	env_quiet = true;
	return vol_mount(v, d);
}

static unsigned times_said(const char *what)
{
	unsigned n = 0;

	for (const char *p = env_said; (p = strstr(p, what)); p++)
		n++;
	return n;
}

static void test_refused(void **state)
{
	static const struct {
		const char *options, *said;
		int r; // 0: mounted, for reading only
	} cases[] = {
		{ "-t ext4 -O encrypt", "encrypt", -EOPNOTSUPP },
		{ "-t ext4 -O inline_data", "inline_data", -EOPNOTSUPP },
		{ "-t ext4 -O casefold", "casefold", -EOPNOTSUPP },
		{ "-t ext4 -O meta_bg,^resize_inode", "meta_bg", -EOPNOTSUPP },
		{ "-t ext4 -O mmp", "mmp", -EOPNOTSUPP },
		{ "-t ext4 -O ea_inode", "ea_inode", -EOPNOTSUPP },
		{ "-t ext4 -O large_dir", "large_dir", -EOPNOTSUPP },
		{ "-O journal_dev", "journal_dev", -EOPNOTSUPP },
		{ "-t ext4 -O bigalloc", "bigalloc", -EOPNOTSUPP },
		{ "-t ext4 -O quota", "quota", 0 },
		{ "-t ext4|ssv feature_incompat 0x800002c2", "0x80000000", -EOPNOTSUPP },
		{ "-t ext4|ssv feature_ro_compat 0x4000046b", "0x40000000", 0 },
		{ "-t ext4|ssv blocks_count 999999", "larger than its disk", -EUCLEAN },
		{ "-t ext4|ssv inode_size 100", "impossible size of inodes", -EUCLEAN },
		{ "-t ext2|ssv state 0", "run e2fsck", 0 },
		{ "-t ext4|ssv journal_inum 0", "on another disk: it can only be read", 0 },
		{ "-t ext4 -O ^64bit|sif <8> flags 0x10080000", "journal is damaged", -EUCLEAN },
		{ "-t ext4 -O quota|sif <8> flags 0x10080000", "journal is damaged", -EUCLEAN },
	};
	struct disk d;
	struct vol v;

	disk_empty(&d, 1 * MIB);
	assert_int_equal(mount_said(&d, &v), -EINVAL);
	assert_non_null(strstr(env_said, "there is no"));
	disk_free(&d);
	disk_empty(&d, 512);
	assert_int_equal(mount_said(&d, &v), -EINVAL);
	disk_free(&d);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int r;

		disk_make(&d, 32 * MIB, cases[i].options);
		r = mount_said(&d, &v);
		fprintf(stderr, "%s: %d: %s\n", cases[i].options, r, env_said);
		assert_int_equal(r, cases[i].r);
		if (times_said(cases[i].said) != 1)
			fail_msg("not said, or not once: %s", cases[i].said);
		if (!r) {
			assert_true(ext4_readonly(v.fs));
			assert_int_equal(vol_create(&v, 1, "x", 0100644), -EROFS);
			assert_int_equal(vol_open(&v, 1, false), 0);
			assert_int_equal(vol_fsync(&v, 1, false), 0);
			d.writes = 0;
			assert_int_equal(vol_unmount(&v), 0);
			assert_int_equal(d.writes, 0);
		}
		disk_free(&d);
	}
	env_quiet = false;
}

// What is in a journal elsewhere is newer than the disk, which is not to be read without it.
static void test_journal_elsewhere(void **state)
{
	struct disk d;
	struct vol v;

	disk_make(&d, 32 * MIB, "-t ext4 -O ^metadata_csum|ssv journal_inum 0");
	d.data[SUPER_OFFSET + offsetof(struct disk_super, feature_incompat)] |= INCOMPAT_RECOVER;
	assert_int_equal(mount_said(&d, &v), -EOPNOTSUPP);
	assert_non_null(strstr(env_said, "must be replayed"));
	disk_free(&d);
	env_quiet = false;
}

// A disk that cannot be written, and a file system that is only looked at, are not written.
static void test_readonly(void **state)
{
	struct disk d;
	struct vol v;
	uint32_t f;

	disk_open(&d, &v, 32 * MIB, "-t ext4");
	assert_int_equal(vol_lookup(&v, 1, "x"), -ENOENT);
	assert_int_equal(vol_unmount(&v), 0);
	assert_int_equal(d.writes, 0);
	assert_int_equal(vol_mount(&v, &d), 0);
	f = make_file(&v, 1, "file", 10000, 4);
	assert_int_equal(vol_fsync(&v, f, false), 0);
	d.dev.readonly = true; // as if it had crashed here
	env_quiet = true;
	assert_int_equal(ext4_unmount(v.fs) < 0, 0);
	d.dev.readonly = true;
	assert_int_equal(vol_mount(&v, &d), 0);
	assert_true(ext4_readonly(v.fs));
	check_file(&v, (uint32_t)vol_lookup(&v, 1, "file"), 10000, 4);
	assert_int_equal(vol_unlink(&v, 1, "file", false), -EROFS);
	assert_int_equal(vol_unmount(&v), 0);
	disk_free(&d);
	env_quiet = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_journal_elsewhere),
		cmocka_unit_test(test_readonly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
