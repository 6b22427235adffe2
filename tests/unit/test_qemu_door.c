// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What a guest may say on its control port, whole and in pieces, and what it may not.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <monitor/qemu/door.h>

static struct qemu_door door;

static int setup(void **state)
{
	memset(&door, 0, sizeof(door));
	return 0;
}

static bool say(uint32_t kind, uint32_t value)
{
	const struct pc_message m = { kind, value };

	return door_take(&door, (const uint8_t *)&m, sizeof(m));
}

static void an_ordinary_life(void **state)
{
	struct vcpu_area area = { .syscalls = 77 };

	assert_true(say(PC_STARTED, 0));
	assert_true(door.started);
	door.asked = true;
	assert_true(say(PC_AREA, sizeof(area)));
	assert_false(door.answered);
	assert_true(door_take(&door, (const uint8_t *)&area, sizeof(area)));
	assert_true(door.answered && !door.asked);
	assert_int_equal(door.area.syscalls, 77);
	assert_true(say(PC_EXIT, 143));
	assert_true(door.exited && !door.broken);
	assert_int_equal(door.status, 143);
}

static void in_pieces(void **state)
{
	uint8_t all[16 + 8 + sizeof(struct vcpu_area)] = { PC_STARTED };

	((struct pc_message *)all)[1] = (struct pc_message){ PC_AREA, sizeof(struct vcpu_area) };
	memset(all + 16, 0x5a, sizeof(struct vcpu_area));
	((struct pc_message *)(all + 16 + sizeof(struct vcpu_area)))[0] =
		(struct pc_message){ PC_EXIT, 3 };
	for (size_t piece = 1; piece < sizeof(all); piece += piece < 20 ? 1 : 97) {
		setup(NULL);
		door.asked = true;
		for (size_t at = 0; at < sizeof(all); at += piece) {
			size_t n = sizeof(all) - at < piece ? sizeof(all) - at : piece;

			assert_true(door_take(&door, all + at, n));
		}
		assert_true(door.started && door.answered && door.exited);
		assert_int_equal(door.status, 3);
		assert_int_equal(door.area.syscalls, 0x5a5a5a5a5a5a5a5a);
	}
}

static void nothing_counts_behind_the_end(void **state)
{
	assert_true(say(PC_EXIT, 1));
	assert_true(say(PC_EXIT, 2));
	assert_true(say(99, 99));
	assert_int_equal(door.status, 1);
}

static void refused(uint32_t kind, uint32_t value)
{
	struct qemu_door was = door;

	assert_false(say(kind, value));
	assert_true(door.broken && !door.exited && !door.answered);
	assert_false(say(PC_EXIT, 0)); // for ever
	assert_false(door.exited);
	door = was;
}

static void what_is_no_message(void **state)
{
	for (uint32_t kind = 0; kind < 40; kind++) {
		if (kind < PC_EXIT || kind > PC_STARTED)
			refused(kind, 0);
	}
	refused(UINT32_MAX, UINT32_MAX);
	refused(PC_STARTED << 8, 0);
}

static void statuses_that_are_none(void **state)
{
	refused(PC_EXIT, 256);
	refused(PC_EXIT, 0x80000000);
	refused(PC_EXIT, UINT32_MAX);
}

static void areas_that_nobody_asked_for(void **state)
{
	refused(PC_AREA, sizeof(struct vcpu_area));
	door.asked = true;
	refused(PC_AREA, 0);
	refused(PC_AREA, sizeof(struct vcpu_area) - 1);
	refused(PC_AREA, sizeof(struct vcpu_area) + 1);
	refused(PC_AREA, UINT32_MAX);
}

static void a_start_too_many(void **state)
{
	assert_true(say(PC_STARTED, 0));
	refused(PC_STARTED, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_ordinary_life, setup),
		cmocka_unit_test_setup(in_pieces, setup),
		cmocka_unit_test_setup(nothing_counts_behind_the_end, setup),
		cmocka_unit_test_setup(what_is_no_message, setup),
		cmocka_unit_test_setup(statuses_that_are_none, setup),
		cmocka_unit_test_setup(areas_that_nobody_asked_for, setup),
		cmocka_unit_test_setup(a_start_too_many, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
