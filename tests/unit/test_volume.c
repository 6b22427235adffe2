// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The monitor's side of volumes, asked as a guest asks, and mostly as one must not: wrong numbers, names that lead elsewhere, memory
// that is not the guest's, changes of a read-only volume.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <monitor/dev/volume.h>

#define RAM_AT (2ul << 20)
#define RAM_LEN 65536ul

static char top[] = "/tmp/pith-volume-XXXXXX";
static char rw[64], ro[64], file[64];
static struct volumes v;
static uint8_t *ram;
static struct gpa_space space;
static struct volume_request *rq;
enum { RW = 1, RO, FILE_ROOT };

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static char *under(const char *dir, const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static int set_up(void **state)
{
	struct failure why;

	strcpy(top, "/tmp/pith-volume-XXXXXX");
	if (!mkdtemp(top))
		return -1;
	snprintf(rw, sizeof(rw), "%s/rw", top);
	snprintf(ro, sizeof(ro), "%s/ro", top);
	snprintf(file, sizeof(file), "%s/file", top);
	mkdir(rw, 0755);
	mkdir(ro, 0755);
	put(file, "one file");
	put(under(top, "outside"), "secret");
	put(under(rw, "f"), "hello");
	put(under(ro, "f"), "hello");
	mkdir(under(rw, "d"), 0755);
	if (symlink("../outside", under(rw, "out")) || symlink("/", under(rw, "root")))
		return -1;
	const struct volume_spec specs[] = { { rw, "/rw", false }, { ro, "/ro", true }, { file, "/file", false } };

	if (volumes_open(&v, specs, 3, &why)) {
		fprintf(stderr, "%s\n", why.text);
		return -1;
	}
	ram = calloc(1, RAM_LEN);
	space = (struct gpa_space){ ram, { RAM_AT }, RAM_LEN };
	rq = (struct volume_request *)ram;
	return 0;
}

static int tear_down(void **state)
{
	char command[128];

	volumes_close(&v);
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
	rq->data = RAM_AT + 4096;
	rq->len = 4096;
	return rq;
}

static int64_t call(void)
{
	volumes_serve(&v, &space, rq);
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

static int64_t open_node(uint32_t node, bool write)
{
	begin(VOLUME_OPEN, node, NULL)->flags = write ? VOLUME_F_WRITE : 0;
	return call();
}

static void reads_and_writes(void **state)
{
	uint32_t f = look_up(RW, "f");

	assert_int_equal(rq->attr.size, 5);
	assert_int_equal(look_up(RW, "f"), f); // the same file is the same node
	assert_int_equal(open_node(f, true), 0);
	assert_int_equal(ask(VOLUME_READ, f, NULL), 5);
	assert_memory_equal(ram + 4096, "hello", 5);
	memcpy(ram + 4096, "world!", 6);
	begin(VOLUME_WRITE, f, NULL)->len = 6;
	rq->flags = VOLUME_F_APPEND;
	assert_int_equal(call(), 6);
	assert_int_equal(rq->end, 11);
	begin(VOLUME_READ, f, NULL)->off = 5;
	assert_int_equal(call(), 6);
	assert_int_equal(ask(VOLUME_FSYNC, f, NULL), 0);
	assert_int_equal(v.bytes_written, 6);
}

static void names_that_are_none(void **state)
{
	static const char *const bad[] = { "", ".", "..", "a/b", "/", "/etc", "../outside", "f/" };
	static const enum volume_op ops[] = { VOLUME_LOOKUP, VOLUME_CREATE, VOLUME_UNLINK, VOLUME_RENAME };

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		for (unsigned j = 0; j < sizeof(ops) / sizeof(ops[0]); j++) {
			begin(ops[j], RW, bad[i])->mode = S_IFREG | 0644;
			rq->other = RW;
			rq->name2_len = 1;
			rq->name2[0] = 'x';
			assert_int_equal(call(), -EINVAL);
		}
		begin(VOLUME_RENAME, RW, "f")->other = RW;
		rq->name2_len = (uint16_t)strlen(bad[i]);
		memcpy(rq->name2, bad[i], rq->name2_len);
		assert_int_equal(call(), -EINVAL);
	}
	begin(VOLUME_LOOKUP, RW, "f")->name_len = 2; // with a NUL in it
	assert_int_equal(call(), -EINVAL);
	begin(VOLUME_LOOKUP, RW, "f")->name_len = 256;
	assert_int_equal(call(), -ENAMETOOLONG);
	begin(VOLUME_LOOKUP, RW, "f")->name_len = UINT16_MAX;
	assert_int_equal(call(), -ENAMETOOLONG);
}

static void links_are_not_followed(void **state)
{
	uint32_t link = look_up(RW, "out"), root = look_up(RW, "root");

	assert_true(S_ISLNK(rq->attr.mode));
	assert_int_equal(open_node(link, false), -EINVAL);
	assert_int_equal(open_node(root, false), -EINVAL);
	assert_int_equal(ask(VOLUME_LOOKUP, root, "etc"), -ENOTDIR);
	assert_int_equal(ask(VOLUME_READLINK, link, NULL), 10);
	assert_memory_equal(ram + 4096, "../outside", 10);
	begin(VOLUME_SETATTR, link, NULL)->flags = VOLUME_F_SET_SIZE;
	assert_int_equal(call(), -EINVAL);
	begin(VOLUME_SETATTR, link, NULL)->flags = VOLUME_F_SET_MODE;
	assert_int_equal(call(), -EOPNOTSUPP);
	begin(VOLUME_CREATE, RW, "out")->mode = S_IFREG | 0644; // not through the link
	assert_int_equal(call(), -EEXIST);
}

static void memory_that_is_not_the_guests(void **state)
{
	static const uint64_t bad[][2] = {
		{ 0, 1 }, { RAM_AT - 1, 1 }, { RAM_AT + RAM_LEN, 1 }, { RAM_AT + RAM_LEN - 1, 2 }, { RAM_AT, RAM_LEN + 1 },
		{ RAM_AT, 0 }, { UINT64_MAX, 2 }, { RAM_AT, UINT64_MAX }, { RAM_AT, (uint64_t)INT64_MAX },
	};
	static const enum volume_op ops[] = { VOLUME_READ, VOLUME_WRITE, VOLUME_READDIR, VOLUME_READLINK };
	uint32_t f = look_up(RW, "f"), d = look_up(RW, "d");

	assert_int_equal(open_node(f, true), 0);
	assert_int_equal(open_node(d, false), 0);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		for (unsigned j = 0; j < sizeof(ops) / sizeof(ops[0]); j++) {
			begin(ops[j], ops[j] == VOLUME_READDIR ? d : f, NULL)->data = bad[i][0];
			rq->len = bad[i][1];
			assert_true(call() == -EFAULT || rq->result == -EINVAL);
		}
		begin(VOLUME_CREATE, RW, "new")->mode = S_IFLNK;
		rq->data = bad[i][0];
		rq->len = bad[i][1];
		assert_true(call() == -EFAULT || rq->result == -EINVAL);
	}
	assert_int_equal(ask(VOLUME_LOOKUP, RW, "new"), -ENOENT);
}

static void offsets_out_of_range(void **state)
{
	uint32_t f = look_up(RW, "f");

	assert_int_equal(open_node(f, true), 0);
	begin(VOLUME_READ, f, NULL)->off = UINT64_MAX;
	assert_int_equal(call(), -EINVAL);
	begin(VOLUME_WRITE, f, NULL)->off = (uint64_t)INT64_MAX - 10;
	assert_int_equal(call(), -EINVAL);
	begin(VOLUME_ALLOCATE, f, NULL)->len = UINT64_MAX;
	assert_int_equal(call(), -EINVAL);
	begin(VOLUME_ALLOCATE, f, NULL)->mode = 0x8; // FALLOC_FL_COLLAPSE_RANGE
	assert_int_equal(call(), -EOPNOTSUPP);
	begin(VOLUME_SEEK, f, NULL)->mode = 7;
	assert_int_equal(call(), -EINVAL);
	begin(VOLUME_SETATTR, f, NULL)->flags = VOLUME_F_SET_SIZE;
	rq->attr.size = UINT64_MAX;
	assert_int_equal(call(), -EFBIG);
}

static void wrong_nodes(void **state)
{
	static const uint32_t bad[] = { 0, 99, 1u << 31, UINT32_MAX };
	uint32_t f = look_up(RW, "f"), d = look_up(RW, "d");

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		for (unsigned op = VOLUME_LOOKUP; op < VOLUME_OPS; op++) {
			begin((enum volume_op)op, bad[i], "f")->mode = S_IFREG;
			assert_int_equal(call(), -ESTALE);
		}
		begin(VOLUME_LINK, RW, "l")->other = bad[i];
		assert_int_equal(call(), -ESTALE);
	}
	assert_int_equal(ask(VOLUME_LOOKUP, f, "f"), -ENOTDIR);
	assert_int_equal(ask(VOLUME_READ, f, NULL), -EBADF);    // not open
	assert_int_equal(ask(VOLUME_FSYNC, f, NULL), -EBADF);
	assert_int_equal(open_node(f, false), 0);
	assert_int_equal(ask(VOLUME_WRITE, f, NULL), -EBADF);   // only for reading
	assert_int_equal(ask(VOLUME_READDIR, f, NULL), -ENOTDIR);
	assert_int_equal(open_node(d, true), 0);
	assert_int_equal(ask(VOLUME_READ, d, NULL), -EISDIR);
	begin(VOLUME_LINK, RW, "l")->other = d;
	assert_int_equal(call(), -EPERM);
	begin(VOLUME_RENAME, RW, "f")->other = f; // not into a file
	rq->name2_len = 1;
	rq->name2[0] = 'x';
	assert_int_equal(call(), -ENOTDIR);
	rq->other = RO; // nor to another volume
	assert_int_equal(call(), -EXDEV);
}

static void wrong_requests(void **state)
{
	assert_int_equal(ask(VOLUME_OPS, RW, NULL), -ENOSYS);
	assert_int_equal(ask((enum volume_op)UINT32_MAX, RW, NULL), -ENOSYS);
	begin(VOLUME_GETATTR, RW, NULL)->version = 2;
	assert_int_equal(call(), -ENOSYS);
	for (unsigned op = VOLUME_LOOKUP; op < VOLUME_OPS; op++) {
		begin((enum volume_op)op, RW, "f")->flags = 0x80000000;
		assert_int_equal(call(), -EINVAL);
	}
	begin(VOLUME_GETATTR, RW, NULL)->forget_count = VOLUME_FORGET_MAX + 1;
	assert_int_equal(call(), -EINVAL);
}

static void read_only(void **state)
{
	uint32_t f = look_up(RO, "f");

	assert_int_equal(open_node(f, true), -EROFS);
	assert_int_equal(open_node(f, false), 0);
	assert_int_equal(ask(VOLUME_READ, f, NULL), 5);
	begin(VOLUME_CREATE, RO, "new")->mode = S_IFREG | 0644;
	assert_int_equal(call(), -EROFS);
	assert_int_equal(ask(VOLUME_UNLINK, RO, "f"), -EROFS);
	begin(VOLUME_LINK, RO, "l")->other = f;
	assert_int_equal(call(), -EROFS);
	begin(VOLUME_RENAME, RO, "f")->other = RO;
	rq->name2_len = 1;
	rq->name2[0] = 'x';
	assert_int_equal(call(), -EROFS);
	begin(VOLUME_SETATTR, f, NULL)->flags = VOLUME_F_SET_MODE;
	assert_int_equal(call(), -EROFS);
	assert_int_equal(ask(VOLUME_WRITE, f, NULL), -EBADF);
	assert_int_equal(ask(VOLUME_ALLOCATE, f, NULL), -EBADF);
	assert_int_equal(ask(VOLUME_STATFS, RO, NULL), 0);
	assert_int_equal(rq->statfs.flags & 1, 1);
}

static void single_file(void **state)
{
	assert_true(v.at[FILE_ROOT - 1].file);
	assert_int_equal(ask(VOLUME_LOOKUP, FILE_ROOT, "outside"), -ENOTDIR);
	assert_int_equal(open_node(FILE_ROOT, true), 0);
	assert_int_equal(ask(VOLUME_READ, FILE_ROOT, NULL), 8);
}

static void set_id_bits_and_devices(void **state)
{
	struct stat st;
	uint32_t f;

	begin(VOLUME_CREATE, RW, "s")->mode = S_IFREG | 06755;
	assert_int_equal(call(), 0);
	f = rq->found;
	assert_int_equal(stat(under(rw, "s"), &st), 0);
	assert_int_equal(st.st_mode & 06000, 0);
	begin(VOLUME_SETATTR, f, NULL)->flags = VOLUME_F_SET_MODE;
	rq->attr.mode = 06711;
	assert_int_equal(call(), 0);
	assert_int_equal(rq->attr.mode & 07777, 0711);
	begin(VOLUME_CREATE, RW, "dev")->mode = S_IFCHR | 0666;
	assert_int_equal(call(), -EPERM);
	begin(VOLUME_CREATE, RW, "blk")->mode = S_IFBLK | 0666;
	assert_int_equal(call(), -EPERM);
	begin(VOLUME_CREATE, RW, "any")->mode = 0170000;
	assert_int_equal(call(), -EPERM);
}

static void fifos_are_not_opened(void **state)
{
	begin(VOLUME_CREATE, RW, "fifo")->mode = S_IFIFO | 0600;
	assert_int_equal(call(), 0);
	assert_int_equal(open_node(rq->found, false), -EINVAL); // and does not hang
}

static void forgets(void **state)
{
	uint32_t f = look_up(RW, "f"), again;

	begin(VOLUME_FORGET, 0, NULL)->forget_count = 4;
	rq->forget[0] = f;
	rq->forget[1] = RW; // roots stay
	rq->forget[2] = f;  // twice
	rq->forget[3] = UINT32_MAX;
	assert_int_equal(call(), 0);
	assert_int_equal(ask(VOLUME_GETATTR, f, NULL), -ESTALE);
	again = look_up(RW, "f");
	assert_int_equal(ask(VOLUME_GETATTR, again, NULL), 0);
}

static void file_without_a_name(void **state)
{
	uint32_t f = look_up(RW, "f");

	assert_int_equal(open_node(f, true), 0);
	assert_int_equal(ask(VOLUME_UNLINK, RW, "f"), 0);
	assert_int_equal(rq->found, f);
	assert_int_equal(ask(VOLUME_READ, f, NULL), 5);
	assert_int_equal(ask(VOLUME_GETATTR, f, NULL), 0);
	assert_int_equal(rq->attr.nlink, 0);
	begin(VOLUME_CREATE, RW, "f")->mode = S_IFREG | 0644;
	assert_int_equal(call(), 0);
	assert_int_not_equal(rq->found, f);
}

// Syncs that are done by the other thread, while the guest forgets the file; a slot that is none is done at once.
static void syncs_later(void **state)
{
	uint32_t f = look_up(RW, "f");
	int wake = eventfd(0, 0);
	uint64_t times;

	assert_int_equal(volumes_work(&v, rq, wake), 0);
	assert_int_equal(open_node(f, true), 0);
	for (uint32_t slot = 0; slot < VOLUME_LATER_MAX; slot++) {
		begin(VOLUME_FSYNC, f, NULL)->flags = VOLUME_F_LATER | (slot & 1 ? VOLUME_F_DATA : 0);
		rq->mode = slot;
		rq->later[slot] = VOLUME_LATER;
		assert_int_equal(call(), VOLUME_LATER);
		while (slot == VOLUME_LATER_MAX - 1 && __atomic_load_n(&rq->later[slot], __ATOMIC_SEQ_CST) == VOLUME_LATER)
			assert_int_equal(read(wake, &times, sizeof(times)), sizeof(times));
	}
	assert_int_equal(rq->later[VOLUME_LATER_MAX - 1], 0);
	begin(VOLUME_FSYNC, f, NULL)->flags = VOLUME_F_LATER;
	rq->mode = VOLUME_LATER_MAX;
	assert_int_equal(call(), 0);
	begin(VOLUME_SYNCFS, f, NULL)->flags = VOLUME_F_LATER;
	rq->mode = UINT32_MAX;
	rq->forget_count = 1;
	rq->forget[0] = f;
	assert_int_equal(call(), -ESTALE);
	volumes_stop(&v);
	begin(VOLUME_FSYNC, look_up(RW, "f"), NULL)->flags = VOLUME_F_LATER;
	assert_int_equal(call(), -EBADF);
	close(wake);
}

// What the host does meanwhile: an error for the guest, no more.
static void host_removes(void **state)
{
	uint32_t d = look_up(RW, "d");

	assert_int_equal(rmdir(under(rw, "d")), 0);
	begin(VOLUME_CREATE, d, "x")->mode = S_IFREG | 0644;
	assert_int_equal(call(), -ENOENT);
	assert_int_equal(ask(VOLUME_LOOKUP, d, "x"), -ENOENT);
	assert_int_equal(ask(VOLUME_GETATTR, d, NULL), 0);
	assert_int_equal(rq->attr.nlink, 0);
}

static void directory_moves(void **state)
{
	uint32_t d = look_up(RW, "d"), e;

	begin(VOLUME_CREATE, RW, "e")->mode = S_IFDIR | 0755;
	assert_int_equal(call(), 0);
	e = rq->found;
	begin(VOLUME_RENAME, RW, "d")->other = e;
	rq->name2_len = 1;
	rq->name2[0] = 'm';
	assert_int_equal(call(), 0);
	assert_int_equal(rq->found, d);
	assert_int_equal(look_up(e, "m"), d);
	begin(VOLUME_RENAME, RW, "e")->other = d; // into itself
	rq->name2_len = 1;
	rq->name2[0] = 'x';
	assert_int_equal(call(), -EINVAL);
}

// The table is full: an error, and room again when something is forgotten. The limit stays, so this is the last test.
static void too_many_nodes(void **state)
{
	struct rlimit r, few;
	struct failure why;
	const struct volume_spec spec = { rw, "/rw", false };
	uint32_t nodes[2000], n = 0;
	char name[16];

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &r), 0);
	few = (struct rlimit){ 600, r.rlim_max };
	for (int i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		put(under(rw, name), "");
	}
	volumes_close(&v);
	few.rlim_max = 600;
	if (r.rlim_max < 600)
		skip();
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_int_equal(volumes_open(&v, &spec, 1, &why), 0);
	for (; n < 2000; n++) {
		snprintf(name, sizeof(name), "n%u", n);
		if (ask(VOLUME_LOOKUP, RW, name))
			break;
		nodes[n] = rq->found;
	}
	assert_true(n > 100 && n < 600);
	assert_int_equal(rq->result, -ENFILE);
	begin(VOLUME_LOOKUP, RW, name)->forget_count = 1;
	rq->forget[0] = nodes[0];
	assert_int_equal(call(), 0);
}

static void open_says_why(void **state)
{
	struct { struct volume_spec spec; const char *say; } bad[] = {
		{ { "/nonexistent/x", "/x", false }, "there is no /nonexistent/x" },
		{ { "/dev/null", "/x", false }, "neither a directory nor a plain file" },
		{ { top, "/x", false }, NULL },
	};
	char loop[64];
	struct volumes other;
	struct failure why;

	snprintf(loop, sizeof(loop), "%s/loop", top);
	assert_int_equal(symlink("loop", loop), 0);
	bad[2].spec.host = loop;
	bad[2].say = "symbolic links";
	for (unsigned i = 0; i < 3; i++) {
		assert_true(volumes_open(&other, &bad[i].spec, 1, &why) < 0);
		assert_non_null(strstr(why.text, bad[i].say));
		volumes_close(&other);
	}
	assert_int_equal(volumes_open(&other, &bad[0].spec, VOLUME_COUNT_MAX + 1, &why), -E2BIG);
	volumes_close(&other);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
int main(void)
{
	const struct CMUnitTest tests[] = {
		T(reads_and_writes), T(names_that_are_none), T(links_are_not_followed), T(memory_that_is_not_the_guests),
		T(offsets_out_of_range), T(wrong_nodes), T(wrong_requests), T(read_only), T(single_file),
		T(set_id_bits_and_devices), T(fifos_are_not_opened), T(forgets), T(file_without_a_name), T(syncs_later), T(host_removes),
		T(directory_moves), T(open_says_why), T(too_many_nodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
