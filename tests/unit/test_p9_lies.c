// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A 9p server that lies, or whose answers come later: an error, one line, and nothing is believed afterwards.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "fs/fakes.h"
#include "p9/volume.h"
#include <asm-generic/errno.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lies, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lies_about_counts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lies_about_names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(start_that_fails, set_up, tear_down),
		cmocka_unit_test_setup_teardown(syncs_later, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lies_that_come_later, set_up, tear_down),
	};

	fakes_begin();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
