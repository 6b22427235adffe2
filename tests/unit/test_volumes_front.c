// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The front of volumes that the guest serves itself (drivers/volumes.h): which server gets what, under which numbers, and what none gets.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <drivers/volumes.h>
#include <fs/abi.h>

#define RAM_PA 0x200000ul
#define RAM_LEN 65536ul

struct fake {
	struct volume_server s;
	struct volume_request got;
	uint8_t *data;
	unsigned served;
	uint32_t forgotten, answer;
};

static uint8_t *ram;
static struct boot_block boot;
static struct volume_request *rq;
static struct fake fakes[3];
static struct volume_server *servers[] = { &fakes[0].s, &fakes[1].s, &fakes[2].s };
enum { A = 1, B, RO };

static int64_t serve(struct volume_server *s, struct volume_request *r, uint8_t *data)
{
	struct fake *f = (struct fake *)s;

	f->got = *r;
	f->data = data;
	f->served++;
	r->found = f->answer;
	return r->op == VOLUME_WRITE ? (int64_t)r->len : 0;
}

static void forget(struct volume_server *s, uint32_t node)
{
	((struct fake *)s)->forgotten = node;
}

static int set_up(void **state)
{
	ram = calloc(1, RAM_LEN);
	rq = calloc(1, sizeof(*rq));
	boot = (struct boot_block){ .ram_pa = RAM_PA, .ram_va = (uintptr_t)ram, .ram_len = RAM_LEN };
	boot.volumes = (struct boot_volumes){ .request_va = (uintptr_t)rq, .readonly = 4, .paths.count = 3 };
	memset(fakes, 0, sizeof(fakes));
	for (int i = 0; i < 3; i++)
		fakes[i].s = (struct volume_server){ .serve = serve, .forget = forget };
	return 0;
}

static int tear_down(void **state)
{
	free(ram);
	free(rq);
	return 0;
}

static void begin(enum volume_op op, uint32_t node, const char *name)
{
	memset(rq, 0, sizeof(*rq));
	rq->version = VOLUME_VERSION;
	rq->op = op;
	rq->node = node;
	rq->name_len = (uint16_t)strlen(name);
	memcpy(rq->name, name, rq->name_len);
	rq->data = RAM_PA + 4096;
	rq->len = 10;
}

static int64_t call(void)
{
	volumes_answer(&boot, servers);
	return rq->result;
}

static unsigned served(void)
{
	return fakes[0].served + fakes[1].served + fakes[2].served;
}

static void numbers(void **state)
{
	static const uint32_t inner[] = { 1, 2, 77, VOLUME_NODE_MAX };

	for (uint32_t volume = A; volume <= RO; volume++) {
		for (unsigned i = 0; i < 4; i++) {
			struct fake *f = &fakes[volume - 1];

			f->answer = inner[i];
			begin(VOLUME_LOOKUP, volume, "f");
			assert_int_equal(call(), 0);
			assert_int_equal(f->got.node, 1);
			begin(VOLUME_GETATTR, rq->found, "");
			assert_int_equal(call(), 0);
			assert_int_equal(f->got.node, inner[i]);
			begin(VOLUME_FORGET, 0, "");
			rq->forget_count = 1;
			rq->forget[0] = i ? (inner[i] - 1) * VOLUME_COUNT_MAX + volume : volume;
			f->forgotten = 0;
			assert_int_equal(call(), 0);
			assert_int_equal(f->forgotten, i ? inner[i] : 0); // roots stay
		}
	}
}

static void nobody_is_asked(int64_t error)
{
	unsigned before = served();

	assert_int_equal(call(), error);
	assert_int_equal(served(), before);
}

static void wrong_requests(void **state)
{
	begin(VOLUME_OPS, A, "f");
	nobody_is_asked(-ENOSYS);
	begin((enum volume_op)UINT32_MAX, A, "f");
	nobody_is_asked(-ENOSYS);
	begin(VOLUME_GETATTR, A, "");
	rq->version = 2;
	nobody_is_asked(-ENOSYS);
	begin(VOLUME_GETATTR, 0, "");
	nobody_is_asked(-ESTALE);
	begin(VOLUME_GETATTR, 4, ""); // there are three
	nobody_is_asked(-ESTALE);
	begin(VOLUME_GETATTR, UINT32_MAX, "");
	nobody_is_asked(-ESTALE);
	for (unsigned op = VOLUME_LOOKUP; op < VOLUME_OPS; op++) {
		begin((enum volume_op)op, A, "f");
		rq->flags = 0x80000000;
		nobody_is_asked(-EINVAL);
	}
	begin(VOLUME_FORGET, 0, "");
	rq->forget_count = UINT32_MAX;
	nobody_is_asked(0);
	begin(VOLUME_LINK, A, "l");
	rq->other = 16 + B;
	nobody_is_asked(-EXDEV);
}

static void names(void **state)
{
	static const char *const bad[] = { "", ".", "..", "a/b", "/", "../x", "f/" };

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin(VOLUME_LOOKUP, A, bad[i]);
		nobody_is_asked(-EINVAL);
		begin(VOLUME_RENAME, A, "f");
		rq->other = A;
		rq->name2_len = (uint16_t)strlen(bad[i]);
		memcpy(rq->name2, bad[i], rq->name2_len);
		nobody_is_asked(-EINVAL);
	}
	begin(VOLUME_LOOKUP, A, "f");
	rq->name_len = 2; // with a NUL in it
	nobody_is_asked(-EINVAL);
	rq->name_len = UINT16_MAX;
	nobody_is_asked(-ENAMETOOLONG);
	begin(VOLUME_LOOKUP, A, "...");
	assert_int_equal(call(), 0);
}

static void read_only(void **state)
{
	static const enum volume_op ops[] = { VOLUME_CREATE, VOLUME_LINK, VOLUME_UNLINK, VOLUME_RENAME, VOLUME_SETATTR, VOLUME_WRITE,
					      VOLUME_ALLOCATE };

	for (unsigned i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		begin(ops[i], RO, "f");
		nobody_is_asked(-EROFS);
	}
	begin(VOLUME_OPEN, RO, "");
	rq->flags = VOLUME_F_WRITE;
	nobody_is_asked(-EROFS);
	rq->flags = 0;
	assert_int_equal(call(), 0);
	begin(VOLUME_STATFS, RO, "");
	assert_int_equal(call(), 0);
	assert_int_equal(rq->statfs.flags, 1);
}

static void data(void **state)
{
	static const uint64_t bad[][2] = {
		{ 0, 1 }, { RAM_PA - 1, 1 }, { RAM_PA + RAM_LEN, 1 }, { RAM_PA + RAM_LEN - 1, 2 }, { RAM_PA, RAM_LEN + 1 },
		{ UINT64_MAX, 2 }, { RAM_PA, VOLUME_DATA_MAX + 1 },
	};

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		begin(VOLUME_READ, A, "");
		rq->data = bad[i][0];
		rq->len = bad[i][1];
		nobody_is_asked(-EFAULT);
		begin(VOLUME_CREATE, A, "l");
		rq->mode = S_IFLNK;
		rq->data = bad[i][0];
		rq->len = bad[i][1];
		nobody_is_asked(-EFAULT);
	}
	begin(VOLUME_READ, A, "");
	rq->len = UINT64_MAX;
	nobody_is_asked(-EINVAL);
	begin(VOLUME_ALLOCATE, A, "");
	rq->off = INT64_MAX;
	nobody_is_asked(-EINVAL);
	begin(VOLUME_READDIR, A, "");
	rq->off = UINT64_MAX; // where in a directory is the server's affair
	assert_int_equal(call(), 0);
	begin(VOLUME_WRITE, B, "");
	rq->off = 5;
	assert_int_equal(call(), 10);
	assert_int_equal(rq->end, 15);
	assert_ptr_equal(fakes[B - 1].data, ram + 4096);
}

static void later_is_now(void **state)
{
	begin(VOLUME_FSYNC, A, "");
	rq->flags = VOLUME_F_LATER | VOLUME_F_DATA;
	assert_int_equal(call(), 0);
	assert_int_equal(fakes[0].got.flags, VOLUME_F_DATA);
	fakes[0].s.later = true; // unless the server can, and there is such a slot
	begin(VOLUME_FSYNC, A, "");
	rq->flags = VOLUME_F_LATER;
	assert_int_equal(call(), 0);
	assert_int_equal(fakes[0].got.flags, VOLUME_F_LATER);
	begin(VOLUME_FSYNC, A, "");
	rq->flags = VOLUME_F_LATER;
	rq->mode = VOLUME_LATER_MAX;
	assert_int_equal(call(), 0);
	assert_int_equal(fakes[0].got.flags, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(numbers, set_up, tear_down),
		cmocka_unit_test_setup_teardown(wrong_requests, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(read_only, set_up, tear_down),
		cmocka_unit_test_setup_teardown(data, set_up, tear_down),
		cmocka_unit_test_setup_teardown(later_is_now, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
