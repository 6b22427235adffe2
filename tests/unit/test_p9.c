// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Volumes on a 9p server (drivers/p9), asked as kernel/fs/volfs asks: a server over a real directory, and one that lies.
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "fs/fakes.h"
#include "p9/server.h"
#include <asm-generic/errno.h>
#include <drivers/p9/node.h>

#define RAM_PA 0x200000ul
#define RAM_LEN (1ul << 20)
#define DATA 4096ul

static char top[64];
static uint8_t *ram, messages[2][P9_MESSAGE_MAX];
static struct boot_block boot;
static struct volume_request *rq;
static struct server server;
static struct p9 fs;
static struct volume_server *const servers[] = { &fs.server };
static unsigned logged;
enum { ROOT = 1 };

void klog(const char *fmt, ...) { logged++; }

static char *under(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", top, name);
	return path;
}

static void put(const char *name, const char *text)
{
	int fd = open(under(name), O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void begin_volume(void)
{
	memset(&fs, 0, sizeof(fs));
	fs.transport = &server.transport;
	fs.name = "v";
	fs.out = messages[0];
	fs.in = messages[1];
	fs.dev = 77;
}

static int set_up(void **state)
{
	strcpy(top, "/tmp/pith-p9-XXXXXX");
	if (!mkdtemp(top))
		return -1;
	put("f", "hello");
	mkdir(under("d"), 0755);
	put("d/g", "inner");
	ram = calloc(1, RAM_LEN);
	rq = (struct volume_request *)ram;
	boot = (struct boot_block){ .ram_pa = RAM_PA, .ram_va = (uintptr_t)ram, .ram_len = RAM_LEN };
	boot.volumes = (struct boot_volumes){ .request_va = (uintptr_t)rq, .paths.count = 1 };
	server_begin(&server, top);
	begin_volume();
	logged = 0;
	return p9_start(&fs);
}

static int tear_down(void **state)
{
	char command[128];

	p9_end(&fs);
	server_end(&server);
	free(ram);
	snprintf(command, sizeof(command), "rm -rf %s", top);
	return system(command);
}

static struct volume_request *begin(enum volume_op op, uint32_t node, const char *name)
{
	memset(rq, 0, sizeof(*rq));
	rq->version = VOLUME_VERSION;
	rq->op = op;
	rq->node = node;
	rq->name_len = (uint16_t)(name ? strlen(name) : 0);
	memcpy(rq->name, name ? name : "", rq->name_len);
	rq->data = RAM_PA + DATA;
	rq->len = 4096;
	return rq;
}

static int64_t call(void)
{
	volumes_answer(&boot, servers);
	return rq->result;
}

static int64_t ask(enum volume_op op, uint32_t node, const char *name)
{
	begin(op, node, name);
	return call();
}

static uint32_t look_up(uint32_t dir, const char *name)
{
	assert_int_equal(ask(VOLUME_LOOKUP, dir, name), 0);
	assert_int_not_equal(rq->found, 0);
	return rq->found;
}

static uint32_t create(uint32_t dir, const char *name, uint32_t mode)
{
	begin(VOLUME_CREATE, dir, name)->mode = mode;
	assert_int_equal(call(), 0);
	return rq->found;
}

static int64_t open_node(uint32_t node, bool write)
{
	begin(VOLUME_OPEN, node, NULL)->flags = write ? VOLUME_F_WRITE : 0;
	return call();
}

static int64_t write_at(uint32_t node, uint64_t off, const char *text, uint32_t flags)
{
	begin(VOLUME_WRITE, node, NULL)->off = off;
	rq->flags = flags;
	rq->len = strlen(text);
	memcpy(ram + DATA, text, rq->len);
	return call();
}

static void reads_as(uint32_t node, const char *text)
{
	assert_int_equal(ask(VOLUME_READ, node, NULL), strlen(text));
	assert_memory_equal(ram + DATA, text, strlen(text));
}

static uint64_t size_of(uint32_t node)
{
	assert_int_equal(ask(VOLUME_GETATTR, node, NULL), 0);
	return rq->attr.size;
}

static int64_t truncate_to(uint32_t node, uint64_t size)
{
	begin(VOLUME_SETATTR, node, NULL)->flags = VOLUME_F_SET_SIZE;
	rq->attr.size = size;
	return call();
}

static void forget(uint32_t node)
{
	begin(VOLUME_FORGET, 0, NULL)->forget_count = 1;
	rq->forget[0] = node;
	assert_int_equal(call(), 0);
}

static unsigned fids_after_all(void)
{
	server_end(&server);
	return server.fids;
}

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

static uint8_t lie_type;
static size_t (*lie_how)(uint8_t *answer, size_t len);

static size_t lie(struct server *s, uint8_t type, uint8_t *answer, size_t len)
{
	return type == lie_type ? lie_how(answer, len) : len;
}

static size_t short_header(uint8_t *a, size_t len) { return 6; }
static size_t nothing(uint8_t *a, size_t len) { return 0; }
static size_t other_tag(uint8_t *a, size_t len) { a[5] ^= 1; return len; }
static size_t other_type(uint8_t *a, size_t len) { a[4] = 99; return len; }
static size_t larger_size(uint8_t *a, size_t len) { a[2]++; return len; }
static size_t no_size(uint8_t *a, size_t len) { memset(a, 0, 4); return len; }
static size_t cut(uint8_t *a, size_t len) { a[0]--; return len - 1; }
static size_t error_0(uint8_t *a, size_t len) { memset(a + 4, 0, 7); a[4] = 7; a[5] = 1; return len > 11 ? len : 11; }
static size_t error_large(uint8_t *a, size_t len)
{
	error_0(a, len);
	memcpy(a, (uint8_t[]){ 11, 0, 0, 0 }, 4);
	memset(a + 7, 0xff, 4);
	return 11;
}
static size_t counts_large(uint8_t *a, size_t len) { memset(a + 7, 0xff, 4); return len; }

// Each lie in the answer to each kind of message: -EIO, then and forever, and one line.
static void lies(void **state)
{
	static size_t (*const how[])(uint8_t *, size_t) = { short_header, nothing, other_tag, other_type, larger_size,
							    no_size, cut, error_0, error_large };
	static const struct {
		enum volume_op op;
		uint8_t type;
	} when[] = { { VOLUME_LOOKUP, P9_TWALK }, { VOLUME_LOOKUP, P9_TGETATTR }, { VOLUME_GETATTR, P9_TGETATTR },
		     { VOLUME_READ, P9_TREAD }, { VOLUME_WRITE, P9_TWRITE }, { VOLUME_STATFS, P9_TSTATFS } };

	for (unsigned i = 0; i < sizeof(when) / sizeof(when[0]); i++) {
		for (unsigned j = 0; j < sizeof(how) / sizeof(how[0]); j++) {
			uint32_t f;

			p9_end(&fs);
			server_end(&server);
			server_begin(&server, top);
			begin_volume();
			assert_int_equal(p9_start(&fs), 0);
			f = look_up(ROOT, "f");
			assert_int_equal(open_node(f, true), 0);
			server.lie = lie;
			lie_type = when[i].type;
			lie_how = how[j];
			logged = 0;
			assert_int_equal(ask(when[i].op, when[i].op == VOLUME_LOOKUP ? ROOT : f, "d"), -EIO);
			server.lie = NULL;
			server.messages = 0;
			assert_int_equal(ask(VOLUME_GETATTR, ROOT, NULL), -EIO);
			assert_int_equal(server.messages, 0);
			assert_int_equal(logged, 1);
		}
	}
}

static void lies_about_counts(void **state)
{
	uint32_t f = look_up(ROOT, "f");

	assert_int_equal(open_node(f, true), 0);
	server.lie = lie;
	lie_how = counts_large;
	lie_type = P9_TREAD;
	assert_int_equal(ask(VOLUME_READ, f, NULL), -EIO);
	assert_true(fs.broken);
	fs.broken = false;
	lie_type = P9_TWRITE;
	assert_int_equal(write_at(f, 0, "x", 0), -EIO);
	assert_true(fs.broken);
	fs.broken = false;
	lie_type = P9_TREADDIR;
	assert_int_equal(open_node(ROOT, false), 0);
	assert_int_equal(ask(VOLUME_READDIR, ROOT, NULL), -EIO);
	assert_true(fs.broken);
}

static size_t slash(uint8_t *a, size_t len) { a[11 + 24] = '/'; return len; }
static size_t nul(uint8_t *a, size_t len) { a[11 + 24] = 0; return len; }
static size_t no_name(uint8_t *a, size_t len) { a[11 + 22] = a[11 + 23] = 0; return len; }
static size_t long_name(uint8_t *a, size_t len) { a[11 + 23] = 0xff; return len; }
static size_t walks_on(uint8_t *a, size_t len) { a[7] = 2; return len; }
static size_t small_msize(uint8_t *a, size_t len) { memset(a + 7, 0, 4); return len; }
static size_t other_version(uint8_t *a, size_t len) { a[len - 1] = 'u'; return len; }

static void lies_about_names(void **state)
{
	static size_t (*const how[])(uint8_t *, size_t) = { slash, nul, no_name, long_name };

	assert_int_equal(open_node(ROOT, false), 0);
	server.lie = lie;
	lie_type = P9_TREADDIR;
	for (unsigned i = 0; i < sizeof(how) / sizeof(how[0]); i++) {
		fs.broken = false;
		lie_how = how[i];
		assert_int_equal(ask(VOLUME_READDIR, ROOT, NULL), -EIO);
	}
	fs.broken = false;
	lie_type = P9_TWALK;
	lie_how = walks_on;
	assert_int_equal(ask(VOLUME_LOOKUP, ROOT, "f"), -EIO);
}

static void start_that_fails(void **state)
{
	static size_t (*const how[])(uint8_t *, size_t) = { small_msize, other_version, counts_large, error_large, cut };

	for (unsigned i = 0; i < sizeof(how) / sizeof(how[0]); i++) {
		p9_end(&fs);
		server_end(&server);
		server_begin(&server, top);
		begin_volume();
		server.lie = lie;
		lie_type = P9_TVERSION;
		lie_how = how[i];
		logged = 0;
		assert_int_equal(p9_start(&fs), -EIO);
		assert_int_equal(logged, 1);
	}
	p9_end(&fs);
	begin_volume();
	server.lie = NULL;
	server.fail_type = P9_TATTACH;
	server.fail_error = EACCES;
	assert_int_equal(p9_start(&fs), -EACCES);
	assert_int_equal(logged, 2);
}

static int64_t sync_later(uint32_t node, uint32_t slot)
{
	begin(VOLUME_FSYNC, node, NULL)->flags = VOLUME_F_LATER;
	rq->mode = slot;
	if (slot < VOLUME_LATER_MAX)
		rq->later[slot] = VOLUME_LATER;
	return call();
}

static void syncs_later(void **state)
{
	uint32_t f = look_up(ROOT, "f");

	assert_int_equal(sync_later(f, 0), -EBADF);
	assert_int_equal(open_node(f, true), 0);
	assert_int_equal(sync_later(f, VOLUME_LATER_MAX), 0); // no such slot: at once
	for (uint32_t slot = 0; slot < SERVER_LATER_MAX; slot++)
		assert_int_equal(sync_later(f, 60 + slot), VOLUME_LATER);
	assert_int_equal(sync_later(f, 1), 0); // no more of them: at once
	reads_as(f, "hello");                  // others go on
	for (uint32_t slot = SERVER_LATER_MAX; slot--;) {
		server.fail_type = slot & 1 ? P9_TFSYNC : 0;
		server.fail_error = ENOSPC;
		server_answer(&server);
		assert_int_equal(rq->later[60 + slot], slot & 1 ? -ENOSPC : 0);
	}
	server.fail_type = 0;
	assert_int_equal(logged, 0);
}

static void lies_that_come_later(void **state)
{
	static size_t (*const how[])(uint8_t *, size_t) = { short_header, nothing, other_tag, other_type, larger_size, no_size, error_0,
							    error_large };
	uint32_t f = look_up(ROOT, "f");

	assert_int_equal(open_node(f, true), 0);
	lie_type = P9_TFSYNC;
	for (unsigned i = 0; i < sizeof(how) / sizeof(how[0]); i++) {
		assert_int_equal(sync_later(f, 0), VOLUME_LATER);
		server.lie = lie;
		lie_how = how[i];
		server_answer(&server);
		server.lie = NULL;
		assert_int_equal(rq->later[0], -EIO);
		assert_int_equal(logged, i + 1);
		assert_int_equal(sync_later(f, 0), -EIO); // and everything else from now on
		fs.broken = false;
	}
	assert_int_equal(sync_later(f, 7), VOLUME_LATER);
	p9_came_later(&fs, 7, NULL, 0); // the device is lost
	assert_int_equal(rq->later[7], -EIO);
	assert_true(fs.broken);
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
		cmocka_unit_test_setup_teardown(lies, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lies_about_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lies_about_names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(start_that_fails, set_up, tear_down),
		cmocka_unit_test_setup_teardown(syncs_later, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lies_that_come_later, set_up, tear_down),
		cmocka_unit_test_setup_teardown(read_only, set_up, tear_down),
	};

	fakes_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
