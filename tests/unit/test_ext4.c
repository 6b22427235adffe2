// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/fs/ext4 on what mke2fs makes: every kind of file, on every kind of file system; what is
// refused; and e2fsck after each.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ext4/env.h"
#include <asm-generic/errno.h>

static const char *const kinds[] = {
	"-t ext2 -b 1024", "-t ext2 -b 4096", "-t ext3 -b 1024", "-t ext3 -b 4096",
	"-t ext4", "-t ext4 -b 2048", "-t ext4 -b 4096", "-t ext4 -I 128",
	"-t ext4 -b 1024 -O ^has_journal", "-t ext4 -O ^metadata_csum,uninit_bg",
	"-t ext4 -O ^64bit,^flex_bg", "-t ext4 -O metadata_csum_seed,orphan_file,sparse_super2",
	"-t ext2 -r 0 -b 1024", "-t ext4 -O fast_commit",
};
#define MIB (1ul << 20)

static void fill(uint8_t *p, size_t n, unsigned seed)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)((i * 7 + seed * 13 + (i >> 8)) ^ seed);
}

static void check_file(struct vol *v, uint32_t node, uint64_t size, unsigned seed)
{
	uint8_t *is = malloc(size + 1), *should = malloc(size + 1);

	fill(should, size, seed);
	assert_int_equal(vol_open(v, node, false), 0);
	assert_int_equal(vol_read(v, node, 0, is, size + 1), size);
	assert_memory_equal(is, should, size);
	free(is);
	free(should);
}

static uint32_t make_file(struct vol *v, uint32_t dir, const char *name, uint64_t size,
			  unsigned seed)
{
	uint8_t *data = malloc(size + 1);
	int64_t n = vol_create(v, dir, name, 0100644);

	assert_true(n > 0);
	fill(data, size, seed);
	if (size)
		assert_int_equal(vol_write(v, (uint32_t)n, 0, data, size, 0), size);
	free(data);
	return (uint32_t)n;
}

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
		disk_make(&d, 64 * MIB, kinds[i]);
		assert_int_equal(vol_mount(&v, &d), 0);
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
		disk_make(&d, 64 * MIB, indexed[i]);
		assert_int_equal(vol_mount(&v, &d), 0);
		many(&v, &d, i == 3 ? 1000 : 10000, i == 1 ? 200 : i == 0 ? 100 : 10);
		assert_int_equal(vol_unmount(&v), 0);
		assert_int_equal(disk_fsck(&d, "-fn", 0), 0);
		disk_free(&d);
	}
}

static int mount_said(struct disk *d, struct vol *v)
{
	env_said[0] = 0;
	env_quiet = true;
	return vol_mount(v, d);
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
		if (!strstr(env_said, cases[i].said))
			fail_msg("not said: %s", cases[i].said);
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

// A disk that cannot be written, and a file system that is only looked at, are not written.
static void test_readonly(void **state)
{
	struct disk d;
	struct vol v;
	uint32_t f;

	disk_make(&d, 32 * MIB, "-t ext4");
	assert_int_equal(vol_mount(&v, &d), 0);
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

		disk_make(&d, 4 * MIB, small[i]);
		assert_int_equal(vol_mount(&v, &d), 0);
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
		assert_int_equal(vol_unmount(&v), 0);
		assert_int_equal(disk_fsck(&d, "-fn", 0), 0);
		disk_free(&d);
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
	assert_int_equal(vol_unmount(&v), 0);
	assert_int_equal(disk_fsck(&d, "-fn", 0), 0);
	disk_free(&d);
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

		disk_make(&d, 8 * MIB, "-t ext4 -b 1024");
		assert_int_equal(vol_mount(&v, &d), 0);
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
		assert_int_equal(vol_unmount(&v), 0);
		assert_int_equal(disk_fsck(&d, "-fn", 0), 0);
		disk_free(&d);
	}
	env_quiet = false;
}

static void test_times_and_attributes(void **state)
{
	struct disk d;
	struct vol v;
	uint32_t f;

	disk_make(&d, 8 * MIB, "-t ext4");
	assert_int_equal(vol_mount(&v, &d), 0);
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
	assert_int_equal(vol_unmount(&v), 0);
	assert_int_equal(disk_fsck(&d, "-fn", 0), 0);
	disk_free(&d);
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

		disk_make(&d, 16 * MIB, journals[i]);
		assert_int_equal(vol_mount(&v, &d), 0);
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
	disk_make(&d, 64 * MIB, "-t ext4 -b 1024 -J size=1 -O ^dir_index");
	assert_int_equal(vol_mount(&v, &d), 0);
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
	assert_int_equal(vol_unmount(&v), 0);
	assert_int_equal(disk_fsck(&d, "-fn", 0), 0);
	disk_free(&d);
	env_quiet = false;
}

static void test_holes(void **state)
{
	struct disk d;
	struct vol v;
	uint32_t f;

	disk_make(&d, 16 * MIB, "-t ext4 -b 1024");
	assert_int_equal(vol_mount(&v, &d), 0);
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
	assert_int_equal(vol_unmount(&v), 0);
	assert_int_equal(disk_fsck(&d, "-fn", 0), 0);
	disk_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_big_directories),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_readonly),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_disk_fails),
		cmocka_unit_test(test_times_and_attributes),
		cmocka_unit_test(test_holes),
		cmocka_unit_test(test_escaped),
		cmocka_unit_test(test_huge_directory_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
