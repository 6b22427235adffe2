// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/fs/ext4 on what mke2fs makes: every kind of file, on every kind of file system; e2fsck after
// each.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ext4/files.h"
#include <asm-generic/errno.h>

static const char *const kinds[] = {
	"-t ext2 -b 1024", "-t ext2 -b 4096", "-t ext3 -b 1024", "-t ext3 -b 4096",
	"-t ext4", "-t ext4 -b 2048", "-t ext4 -b 4096", "-t ext4 -I 128",
	"-t ext4 -b 1024 -O ^has_journal", "-t ext4 -O ^metadata_csum,uninit_bg",
	"-t ext4 -O ^64bit,^flex_bg", "-t ext4 -O metadata_csum_seed,orphan_file,sparse_super2",
	"-t ext2 -r 0 -b 1024", "-t ext4 -O fast_commit",
};

static void things(struct vol *v)
{
	char buf[5000];
	uint32_t a, d;
	int64_t l;

	a = make_file(v, 1, "small", 10, 1);
	check_file(v, a, 10, 1);
	check_file(v, make_file(v, 1, "big", 3 * MIB + 123, 2), 3 * MIB + 123, 2);
	assert_int_equal(vol_create(v, 1, "small", 0100644), -EEXIST);
	assert_int_equal(vol_lookup(v, 1, "none"), -ENOENT);
	assert_int_equal(vol_lookup(v, a, "none"), -ENOTDIR);
	d = (uint32_t)vol_create(v, 1, "dir", 0040755);
	check_file(v, make_file(v, d, "inner", 5000, 3), 5000, 3);
	assert_int_equal(vol_link(v, d, "other", a), 0);
	assert_int_equal(vol_getattr(v, a), 0);
	assert_int_equal(v->r.attr.nlink, 2);
	assert_int_equal(v->r.attr.uid, 1000);
	l = vol_symlink(v, 1, "fast", "target");
	assert_true(l > 0);
	assert_int_equal(vol_readlink(v, (uint32_t)l, buf, sizeof(buf)), 6);
	assert_memory_equal(buf, "target", 6);
	memset(buf, 'x', 300);
	buf[300] = 0;
	l = vol_symlink(v, 1, "slow", buf);
	assert_true(l > 0);
	memset(buf, 0, sizeof(buf));
	assert_int_equal(vol_readlink(v, (uint32_t)l, buf, sizeof(buf)), 300);
	assert_int_equal(buf[299], 'x');
	assert_true(vol_create(v, 1, "fifo", 0010600) > 0);
	assert_int_equal(vol_create(v, 1, "null", 0020600), -EPERM);
	assert_int_equal(vol_unlink(v, 1, "dir", false), -EISDIR);
	assert_int_equal(vol_unlink(v, 1, "dir", true), -ENOTEMPTY);
	assert_int_equal(vol_unlink(v, 1, "small", true), -ENOTDIR);
	assert_int_equal(vol_rename(v, 1, "dir", d, "x", 0), -EINVAL);
	assert_int_equal(vol_rename(v, 1, "big", 1, "dir", 0), -EISDIR);
	assert_int_equal(vol_rename(v, 1, "dir", 1, "big", 0), -ENOTDIR);
	assert_int_equal(vol_rename(v, 1, "small", d, "moved", 0), 0);
	assert_int_equal(vol_rename(v, d, "moved", d, "inner", VOLUME_F_NOREPLACE), -EEXIST);
	assert_int_equal(vol_rename(v, d, "moved", 1, "fast", VOLUME_F_EXCHANGE), 0);
	assert_int_equal(vol_lookup(v, 1, "fast"), a);
}

static void after(struct vol *v)
{
	char buf[600];
	uint64_t off = 0;
	int64_t d = vol_lookup(v, 1, "dir"), n;

	assert_true(d > 0);
	check_file(v, (uint32_t)vol_lookup(v, 1, "fast"), 10, 1);
	check_file(v, (uint32_t)vol_lookup(v, 1, "big"), 3 * MIB + 123, 2);
	check_file(v, (uint32_t)vol_lookup(v, (uint32_t)d, "inner"), 5000, 3);
	n = vol_lookup(v, (uint32_t)d, "moved");
	assert_int_equal(vol_readlink(v, (uint32_t)n, buf, sizeof(buf)), 6);
	assert_int_equal(vol_readlink(v, (uint32_t)d, buf, sizeof(buf)), -EINVAL);
	assert_int_equal(vol_open(v, (uint32_t)d, false), 0);
	assert_true(vol_readdir(v, (uint32_t)d, &off, buf, sizeof(buf)) > 0);
	assert_int_equal(vol_readdir(v, (uint32_t)d, &off, buf, sizeof(buf)), 0);
	assert_int_equal(vol_statfs(v), 0);
	assert_true(v->r.statfs.bfree > 0 && v->r.statfs.bfree < v->r.statfs.blocks);
}

static void test_kinds(void **state)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		long before = env_allocations;
		struct disk d;
		struct vol v;

		fprintf(stderr, "%s\n", kinds[i]);
		disk_open(&d, &v, 64 * MIB, kinds[i]);
		things(&v);
		after(&v);
		assert_int_equal(vol_unmount(&v), 0);
		assert_int_equal(disk_fsck(&d, "-fn", 0), 0);
		assert_int_equal(vol_mount(&v, &d), 0);
		after(&v);
		assert_int_equal(vol_unmount(&v), 0);
		assert_int_equal(env_allocations, before);
		disk_free(&d);
	}
}

// Many names in one directory: the index grows, by both of its levels, and shrinks.
static void many(struct vol *v, struct disk *d, unsigned count, int len)
{
	uint32_t dir = (uint32_t)vol_create(v, 1, "many", 0040755);
	int64_t file = vol_create(v, 1, "one", 0100644), r;
	char name[256];

	for (unsigned i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%0*u\xe4%u", len, i * 2654435761u, i);
		r = i % 50 ? vol_link(v, dir, name, (uint32_t)file) :
			     vol_create(v, dir, name, 0100644);
		if (r < 0)
			fail_msg("%s: %ld", name, (long)r);
	}
	for (unsigned i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "%0*u\xe4%u", len, i * 2654435761u, i);
		assert_true(vol_lookup(v, dir, name) > 0);
		name[0] = 'x';
		assert_int_equal(vol_lookup(v, dir, name), -ENOENT);
	}
	assert_int_equal(vol_unmount(v), 0);
	assert_int_equal(disk_fsck(d, "-fn", 0), 0);
	assert_int_equal(vol_mount(v, d), 0);
	dir = (uint32_t)vol_lookup(v, 1, "many");
	for (unsigned i = 0; i < count; i += 1 + (i % 7 == 0)) {
		snprintf(name, sizeof(name), "%0*u\xe4%u", len, i * 2654435761u, i);
		assert_int_equal(vol_unlink(v, dir, name, false), 0);
	}
}

static void test_big_directories(void **state)
{
	static const char *const indexed[] = { "-t ext4 -b 1024 -N 4000", "-t ext4 -b 4096",
					       "-t ext3 -b 1024", "-t ext2 -b 1024 -O ^dir_index",
					       "-t ext4 -b 1024|ssv def_hash_version tea",
					       "-t ext4 -b 2048|ssv def_hash_version legacy" };
	struct disk d;
	struct vol v;

	for (size_t i = 0; i < sizeof(indexed) / sizeof(indexed[0]); i++) {
		fprintf(stderr, "%s\n", indexed[i]);
		disk_open(&d, &v, 64 * MIB, indexed[i]);
		many(&v, &d, i == 3 ? 1000 : 10000, i == 1 ? 200 : i == 0 ? 100 : 10);
		disk_close(&d, &v);
	}
}

static void test_times_and_attributes(void **state)
{
	struct disk d;
	struct vol v;
	uint32_t f;

	disk_open(&d, &v, 8 * MIB, "-t ext4");
	f = make_file(&v, 1, "file", 1, 1);
	for (int i = 0; i < 4; i++) {
		static const int64_t times[] = { 1, -1500000000, 4102444800123456789,
						 -2147483648000000000 };

		assert_int_equal(vol_getattr(&v, f), 0);
		v.r.op = VOLUME_SETATTR;
		v.r.flags = VOLUME_F_SET_MTIME | VOLUME_F_SET_ATIME | VOLUME_F_SET_MODE;
		v.r.attr.mtime_ns = times[i];
		v.r.attr.atime_ns = times[3 - i];
		v.r.attr.mode = 07751;
		assert_int_equal(v.s->serve(v.s, &v.r, NULL), 0);
		assert_int_equal(v.r.attr.mtime_ns, times[i]);
		assert_int_equal(v.r.attr.atime_ns, times[3 - i]);
		assert_int_equal(v.r.attr.mode, 0107751);
	}
	assert_int_equal(vol_write(&v, f, 0, "x", 1, 0), 1); // takes set-id bits off
	assert_int_equal(vol_getattr(&v, f), 0);
	assert_int_equal(v.r.attr.mode, 0101751);
	disk_close(&d, &v);
}

// A block of metadata that begins like one of the journal's own: it is there after a crash.
static void test_escaped(void **state)
{
	static const char *const journals[] = { "-t ext4", "-t ext3", "-t ext4 -O ^64bit" };
	char target[200], buf[200];

	memset(target, 'x', sizeof(target));
	memcpy(target, "\xc0\x3b\x39\x98", 4); // JOURNAL_MAGIC
	target[199] = 0;
	env_quiet = true;
	for (size_t i = 0; i < 3; i++) {
		struct disk d, crashed;
		struct vol v, after;
		int64_t n;

		disk_open(&d, &v, 16 * MIB, journals[i]);
		assert_true(vol_symlink(&v, 1, "link", target) > 0);
		assert_int_equal(vol_open(&v, 1, false), 0);
		assert_int_equal(vol_fsync(&v, 1, false), 0);
		disk_empty(&crashed, d.size);
		memcpy(crashed.data, d.data, d.size);
		assert_int_equal(vol_mount(&after, &crashed), 0);
		assert_non_null(strstr(env_said, "replayed"));
		n = vol_lookup(&after, 1, "link");
		assert_int_equal(vol_readlink(&after, (uint32_t)n, buf, sizeof(buf)), 199);
		assert_memory_equal(buf, target, 199);
		assert_int_equal(vol_unmount(&after), 0);
		disk_free(&crashed);
		vol_unmount(&v);
		disk_free(&d);
	}
	env_quiet = false;
}

// A directory of more blocks than a small journal can note at once goes.
static void test_huge_directory_goes(void **state)
{
	struct disk d;
	struct vol v;
	uint32_t dir, f;
	char name[256];

	env_quiet = true;
	disk_open(&d, &v, 64 * MIB, "-t ext4 -b 1024 -J size=1 -O ^dir_index");
	dir = (uint32_t)vol_create(&v, 1, "dir", 0040755);
	f = make_file(&v, 1, "file", 1, 1);
	memset(name, 'n', sizeof(name));
	for (unsigned i = 0; i < 4000; i++) {
		snprintf(name + 200, 56, "%u", i);
		assert_int_equal(vol_link(&v, dir, name, f), 0);
	}
	assert_int_equal(vol_getattr(&v, dir), 0);
	assert_true(v.r.attr.size > 900 * 1024);
	for (unsigned i = 0; i < 4000; i++) {
		snprintf(name + 200, 56, "%u", i);
		assert_int_equal(vol_unlink(&v, dir, name, false), 0);
	}
	vol_forget(&v, dir);
	assert_int_equal(vol_unlink(&v, 1, "dir", true), 0);
	assert_int_equal(vol_open(&v, f, true), 0);
	assert_int_equal(vol_fsync(&v, f, false), 0);
	disk_close(&d, &v);
	env_quiet = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_big_directories),
		cmocka_unit_test(test_times_and_attributes),
		cmocka_unit_test(test_escaped),
		cmocka_unit_test(test_huge_directory_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
