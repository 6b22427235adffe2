// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Volumes on a 9p server (drivers/p9), asked as kernel/fs/volfs asks: a server over a real directory.
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "fs/fakes.h"
#include "p9/volume.h"
#include <asm-generic/errno.h>

static void reads_and_writes(void **state)
{
	uint32_t f = look_up(ROOT, "f");

	assert_int_equal(rq->attr.size, 5);
	assert_int_equal(rq->attr.own, 1);
	assert_int_equal(rq->attr.dev, 77);
	assert_int_equal(look_up(ROOT, "f"), f); // the same file is the same node
	assert_int_equal(ask(VOLUME_READ, f, NULL), -EBADF);
	assert_int_equal(open_node(f, false), 0);
	assert_int_equal(ask(VOLUME_WRITE, f, NULL), -EBADF);
	assert_int_equal(open_node(f, true), 0);
	reads_as(f, "hello");
	assert_int_equal(write_at(f, 0, " world", VOLUME_F_APPEND), 6);
	assert_int_equal(rq->end, 11);
	assert_int_equal(write_at(f, 0, "H", VOLUME_F_SYNC), 1);
	assert_int_equal(rq->end, 1);
	reads_as(f, "Hello world");
	assert_int_equal(ask(VOLUME_FSYNC, f, NULL), 0);
	assert_int_equal(ask(VOLUME_SYNCFS, ROOT, NULL), 0);
	assert_int_equal(truncate_to(f, 3), 0);
	assert_int_equal(rq->attr.size, 3);
	reads_as(f, "Hel");
	forget(f);
	assert_int_equal(ask(VOLUME_GETATTR, f, NULL), -ESTALE);
	assert_int_equal(fids_after_all(), 1); // the root's
}

// More than a message of the server takes.
static void large_data(void **state)
{
	uint32_t f = create(ROOT, "large", S_IFREG | 0644);
	const uint64_t len = 700000;
	struct stat st;

	for (uint64_t i = 0; i < len; i++)
		ram[DATA + i] = (uint8_t)(i * 7 >> 3);
	begin(VOLUME_WRITE, f, NULL)->len = len;
	assert_int_equal(call(), len);
	memset(ram + DATA, 0, len);
	begin(VOLUME_READ, f, NULL)->len = len + 1000;
	assert_int_equal(call(), len);
	for (uint64_t i = 0; i < len; i++)
		assert_int_equal(ram[DATA + i], (uint8_t)(i * 7 >> 3));
	assert_int_equal(stat(under("large"), &st), 0);
	assert_int_equal(st.st_size, len);
}

static void names(void **state)
{
	uint32_t d = look_up(ROOT, "d"), e = create(ROOT, "e", S_IFDIR | 0750), f, s;

	assert_true(S_ISDIR(rq->attr.mode));
	assert_int_equal(ask(VOLUME_LOOKUP, ROOT, "none"), -ENOENT);
	begin(VOLUME_CREATE, ROOT, "f")->mode = S_IFREG | 0644;
	assert_int_equal(call(), -EEXIST);
	f = create(e, "new", S_IFREG | 0600);
	assert_int_equal(write_at(f, 0, "abc", 0), 3);
	begin(VOLUME_LINK, ROOT, "hard")->other = f;
	assert_int_equal(call(), 0);
	assert_int_equal(look_up(ROOT, "hard"), f);
	assert_int_equal(rq->attr.nlink, 2);
	begin(VOLUME_LINK, ROOT, "l")->other = d;
	assert_int_equal(call(), -EPERM);
	begin(VOLUME_CREATE, ROOT, "link")->mode = S_IFLNK | 0777;
	rq->len = 5;
	memcpy(ram + DATA, "e/new", 5);
	assert_int_equal(call(), 0);
	s = rq->found;
	assert_true(S_ISLNK(rq->attr.mode));
	assert_int_equal(ask(VOLUME_READLINK, s, NULL), 5);
	assert_memory_equal(ram + DATA, "e/new", 5);
	assert_int_equal(open_node(s, false), -EINVAL);
	assert_int_equal(ask(VOLUME_LOOKUP, s, "x"), -ENOTDIR);
	begin(VOLUME_SETATTR, s, NULL)->flags = VOLUME_F_SET_MODE;
	assert_int_equal(call(), -EOPNOTSUPP);
	create(ROOT, "fifo", S_IFIFO | 0600);
	assert_int_equal(open_node(rq->found, false), -EINVAL);
	begin(VOLUME_CREATE, ROOT, "dev")->mode = S_IFCHR | 0666;
	assert_int_equal(call(), -EPERM);
	assert_int_equal(ask(VOLUME_UNLINK, ROOT, "e"), -EISDIR);
	begin(VOLUME_UNLINK, ROOT, "e")->flags = VOLUME_F_DIRECTORY;
	assert_int_equal(call(), -ENOTEMPTY);
	assert_int_equal(look_up(ROOT, "e"), e);
	assert_int_equal(ask(VOLUME_UNLINK, e, "new"), 0);
	assert_int_equal(rq->found, f);
	reads_as(f, "abc"); // by its other name, or none
	assert_int_equal(look_up(ROOT, "hard"), f);
	assert_int_equal(rq->attr.nlink, 1);
	assert_int_equal(size_of(f), 3);
	assert_int_equal(truncate_to(f, 1), 0);
	reads_as(f, "a");
	begin(VOLUME_LINK, ROOT, "second")->other = f;
	assert_int_equal(call(), 0);
	assert_int_equal(ask(VOLUME_UNLINK, ROOT, "hard"), 0);
	assert_int_equal(write_at(f, 1, "bcd", 0), 3);
	assert_int_equal(truncate_to(f, 2), 0); // no name of it is known, so nobody else sees that yet
	assert_int_equal(look_up(ROOT, "second"), f);
	assert_int_equal(rq->attr.size, 2);
	reads_as(f, "ab");
}

static void attributes(void **state)
{
	uint32_t f = look_up(ROOT, "f");
	struct stat st;

	begin(VOLUME_SETATTR, f, NULL)->flags = VOLUME_F_SET_MODE | VOLUME_F_SET_ATIME | VOLUME_F_SET_MTIME;
	rq->attr.mode = 06711;
	rq->attr.atime_ns = -1; // before 1970
	rq->attr.mtime_ns = 1234567890123456789;
	assert_int_equal(call(), 0);
	assert_int_equal(rq->attr.mode, S_IFREG | 0711); // set-id bits are dropped
	assert_int_equal(rq->attr.atime_ns, -1);
	assert_int_equal(rq->attr.mtime_ns, 1234567890123456789);
	assert_int_equal(stat(under("f"), &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0711);
	assert_int_equal(ask(VOLUME_STATFS, f, NULL), 0);
	assert_int_equal(rq->statfs.namelen, 255);
	assert_true(rq->statfs.blocks > 0);
	assert_int_equal(truncate_to(look_up(ROOT, "d"), 1), -EINVAL);
	assert_int_equal(truncate_to(f, UINT64_MAX), -EFBIG);
	assert_int_equal(open_node(f, true), 0);
	assert_int_equal(ask(VOLUME_ALLOCATE, f, NULL), -EOPNOTSUPP);
	begin(VOLUME_SEEK, f, NULL)->mode = SEEK_HOLE;
	assert_int_equal(call(), 5);
	begin(VOLUME_SEEK, f, NULL)->mode = SEEK_DATA;
	rq->off = 3;
	assert_int_equal(call(), 3);
	rq->off = 5;
	rq->node = f;
	assert_int_equal(call(), -ENXIO);
}

static void listing(void **state)
{
	uint64_t off = 0, seen = 0;
	char name[32];

	for (int i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), "d/entry-%d", i);
		put(name, "");
	}
	uint32_t d = look_up(ROOT, "d");

	assert_int_equal(ask(VOLUME_READDIR, d, NULL), -EBADF);
	assert_int_equal(open_node(d, true), 0);
	for (;;) {
		begin(VOLUME_READDIR, d, NULL)->off = off;
		rq->len = 1000;
		int64_t n = call();
		const struct dirent *e;

		assert_true(n >= 0);
		for (int64_t at = 0; at < n; at += e->d_reclen) {
			e = (const void *)(ram + DATA + at);
			assert_int_equal(e->d_reclen % 8, 0);
			off = (uint64_t)e->d_off;
			seen++;
		}
		if (!n)
			break;
	}
	assert_int_equal(seen, 503); // with . and .. and g
	begin(VOLUME_READDIR, d, NULL)->len = 8;
	assert_int_equal(call(), -EINVAL);
	assert_int_equal(ask(VOLUME_READ, d, NULL), -EISDIR);
}

// The server knows such a file by its old name only, which another file gets.
static void file_without_a_name(void **state)
{
	uint32_t f = look_up(ROOT, "f"), g;
	struct stat st;

	assert_int_equal(open_node(f, true), 0);
	assert_int_equal(ask(VOLUME_UNLINK, ROOT, "f"), 0);
	assert_int_equal(rq->found, f);
	assert_int_equal(size_of(f), 5);
	assert_int_equal(rq->attr.nlink, 0);
	g = create(ROOT, "f", S_IFREG | 0644);
	assert_int_not_equal(g, f);
	assert_int_equal(write_at(g, 0, "another", 0), 7);
	reads_as(f, "hello");
	assert_int_equal(write_at(f, 0, "!!!", VOLUME_F_APPEND), 3);
	assert_int_equal(rq->end, 8);
	assert_int_equal(size_of(f), 8);
	assert_int_equal(truncate_to(f, 2), 0);
	assert_int_equal(rq->attr.size, 2);
	reads_as(f, "he");
	assert_int_equal(write_at(f, 4, "x", 0), 1);
	assert_int_equal(ask(VOLUME_READ, f, NULL), 5);
	assert_memory_equal(ram + DATA, "he\0\0x", 5);
	assert_int_equal(truncate_to(f, 1), 0);
	assert_int_equal(truncate_to(f, 10000), 0);
	begin(VOLUME_READ, f, NULL)->len = 20000;
	assert_int_equal(call(), 10000);
	assert_memory_equal(ram + DATA, "h\0\0\0\0\0\0\0\0", 9);
	begin(VOLUME_SETATTR, f, NULL)->flags = VOLUME_F_SET_MODE;
	rq->attr.mode = 0600;
	assert_int_equal(call(), 0);
	assert_int_equal(rq->attr.mode, S_IFREG | 0600);
	assert_int_equal(ask(VOLUME_FSYNC, f, NULL), 0);
	begin(VOLUME_LINK, ROOT, "again")->other = f;
	assert_int_equal(call(), -ENOENT);
	assert_int_equal(stat(under("f"), &st), 0);
	assert_int_equal(st.st_size, 7); // it has nothing to do with all this
	assert_int_equal(st.st_mode & 0777, 0644);
	forget(f);
	forget(g);
	assert_int_equal(fids_after_all(), 1);
}

static void file_without_a_name_on_another_server(void **state)
{
	server.fstats = true;
	file_without_a_name(state);
}

static void renames(void **state)
{
	uint32_t d = look_up(ROOT, "d"), f = look_up(ROOT, "f"), e = create(ROOT, "e", S_IFDIR | 0755), g = look_up(d, "g");

	begin(VOLUME_RENAME, ROOT, "d")->other = e;
	rq->name2_len = 1;
	rq->name2[0] = 'm';
	assert_int_equal(call(), 0);
	assert_int_equal(rq->found, d);
	assert_int_equal(look_up(e, "m"), d);
	assert_int_equal(look_up(d, "g"), g);
	assert_int_equal(open_node(g, true), 0);
	reads_as(g, "inner");
	begin(VOLUME_RENAME, ROOT, "e")->other = d; // into itself
	rq->name2_len = 1;
	rq->name2[0] = 'x';
	assert_int_equal(call(), -EINVAL);
	begin(VOLUME_RENAME, d, "g")->other = ROOT; // over f
	rq->name2_len = 1;
	rq->name2[0] = 'f';
	assert_int_equal(open_node(f, false), 0);
	begin(VOLUME_RENAME, d, "g")->other = ROOT;
	rq->name2_len = 1;
	rq->name2[0] = 'f';
	assert_int_equal(call(), 0);
	assert_int_equal(rq->found, 0);
	reads_as(f, "hello");
	assert_int_equal(size_of(f), 5);
	assert_int_equal(rq->attr.nlink, 0);
	assert_int_equal(look_up(ROOT, "f"), g);
	begin(VOLUME_RENAME, ROOT, "f")->other = ROOT;
	rq->name2_len = 1;
	rq->name2[0] = 'n';
	rq->flags = VOLUME_F_EXCHANGE;
	assert_int_equal(call(), -EINVAL); // as Linux's 9p
	begin(VOLUME_RENAME, ROOT, "f")->other = ROOT;
	rq->name2_len = 1;
	rq->name2[0] = 'e';
	rq->flags = VOLUME_F_NOREPLACE;
	assert_int_equal(call(), -EEXIST);
	begin(VOLUME_RENAME, ROOT, "none")->other = ROOT;
	rq->name2_len = 1;
	rq->name2[0] = 'e';
	assert_int_equal(call(), -ENOENT);
	begin(VOLUME_RENAME, ROOT, "f")->other = f;
	rq->name2_len = 1;
	rq->name2[0] = 'n';
	assert_int_equal(call(), -ENOTDIR);
}

static void directory_that_is_removed(void **state)
{
	uint32_t e = create(ROOT, "e", S_IFDIR | 0755);

	begin(VOLUME_UNLINK, ROOT, "e")->flags = VOLUME_F_DIRECTORY;
	assert_int_equal(call(), 0);
	assert_int_equal(ask(VOLUME_GETATTR, e, NULL), 0);
	assert_int_equal(rq->attr.nlink, 0);
	create(ROOT, "e", S_IFDIR | 0755);
	assert_int_not_equal(rq->found, e);
	create(rq->found, "x", S_IFREG | 0644);
	assert_int_equal(ask(VOLUME_LOOKUP, e, "x"), -ENOENT);
	begin(VOLUME_CREATE, e, "y")->mode = S_IFREG;
	assert_int_equal(call(), -ENOENT);
	assert_int_equal(ask(VOLUME_STATFS, e, NULL), 0);
	assert_int_equal(open_node(e, false), -ENOENT);
}

// What this machine does meanwhile: an error, and another file is never taken for the one that was there.
static void host_changes(void **state)
{
	uint32_t d = look_up(ROOT, "d"), f = look_up(ROOT, "f"), again;

	assert_int_equal(rename(under("d"), strcat(strcpy((char[80]){ 0 }, top), "/moved")), 0);
	assert_int_equal(ask(VOLUME_LOOKUP, d, "g"), -ENOENT);
	assert_int_equal(ask(VOLUME_GETATTR, d, NULL), -ESTALE);
	assert_int_equal(look_up(ROOT, "moved"), d);
	look_up(d, "g"); // by its new name
	assert_int_equal(unlink(under("f")), 0);
	mkdir(under("f"), 0755);
	assert_int_equal(ask(VOLUME_GETATTR, f, NULL), -ESTALE);
	again = look_up(ROOT, "f");
	assert_int_not_equal(again, f);
	assert_true(S_ISDIR(rq->attr.mode));
}

static void errors_of_the_server(void **state)
{
	uint32_t f = look_up(ROOT, "f");

	assert_int_equal(open_node(f, true), 0);
	for (unsigned type = P9_TSTATFS; type <= P9_TWRITE; type += 2) {
		server.fail_type = (uint8_t)type;
		server.fail_error = ENOSPC;
		begin(VOLUME_CREATE, ROOT, "new")->mode = S_IFREG | 0644;
		if (call() == 0) {
			assert_int_equal(ask(VOLUME_UNLINK, ROOT, "new"), type == P9_TUNLINKAT ? -ENOSPC : 0);
			forget(rq->found);
		} else {
			assert_int_equal(rq->result, -ENOSPC);
		}
		server.fail_type = 0;
		unlink(under("new"));
	}
	server.fail_type = P9_TWRITE;
	assert_int_equal(write_at(f, 0, "x", 0), -ENOSPC);
	server.fail_type = P9_TFSYNC;
	assert_int_equal(ask(VOLUME_FSYNC, f, NULL), -ENOSPC);
	assert_int_equal(write_at(f, 0, "x", VOLUME_F_SYNC), 0 - ENOSPC);
	assert_int_equal(logged, 0);
}

static void no_memory(void **state)
{
	char name[16];

	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		put(name, "");
	}
	fake_fail_after = 0;
	for (int i = 0;; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		assert_true(i < 100);
		if (ask(VOLUME_LOOKUP, ROOT, name))
			break;
	}
	assert_int_equal(rq->result, -ENFILE);
	assert_int_equal(ask(VOLUME_UNLINK, ROOT, "n0"), -ENOMEM);
	fake_fail_after = -1;
	look_up(ROOT, name);
	assert_int_equal(ask(VOLUME_UNLINK, ROOT, "n0"), 0);
}

static void read_only(void **state)
{
	uint32_t f = look_up(ROOT, "f");

	boot.volumes.readonly = 1;
	assert_int_equal(open_node(f, true), -EROFS);
	assert_int_equal(ask(VOLUME_UNLINK, ROOT, "f"), -EROFS);
	assert_int_equal(open_node(f, false), 0);
	reads_as(f, "hello");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_and_writes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(large_data, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(attributes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(listing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(file_without_a_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(file_without_a_name_on_another_server, set_up, tear_down),
		cmocka_unit_test_setup_teardown(renames, set_up, tear_down),
		cmocka_unit_test_setup_teardown(directory_that_is_removed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(host_changes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(errors_of_the_server, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_memory, set_up, tear_down),
		cmocka_unit_test_setup_teardown(read_only, set_up, tear_down),
	};

	fakes_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
