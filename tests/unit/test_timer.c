// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/sched/timer.c against a model that looks through all timers.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <sched/sched.h>
#include <sched/timer.h>

#define COUNT 2000
#define STEPS 20000

static struct timer timers[COUNT];
static struct {
	uint64_t deadline; // 0: not armed
} model[COUNT];
static unsigned fired;
static uint64_t now, last;

static void fire(struct timer *t)
{
	size_t i = (size_t)(t - timers);

	assert_false(t->armed);
	assert_true(model[i].deadline && model[i].deadline <= now);
	assert_true(model[i].deadline >= last);
	last = model[i].deadline;
	model[i].deadline = 0;
	fired++;
}

static uint64_t model_next(void)
{
	uint64_t next = FOREVER;

	for (size_t i = 0; i < COUNT; i++)
		if (model[i].deadline)
			next = MIN(next, model[i].deadline);
	return next;
}

static void run_all(void)
{
	last = 0;
	timer_run(now);
	for (size_t i = 0; i < COUNT; i++)
		assert_true(!model[i].deadline || model[i].deadline > now);
}

static void like_the_model(void **state)
{
	srand(1);
	now = 1;
	for (int step = 0; step < STEPS; step++) {
		size_t i = (size_t)rand() % COUNT;
		unsigned what = (unsigned)rand() % 100;

		if (what < 60) {
			model[i].deadline = now + 1 + (uint64_t)rand() % 1000;
			timer_set(&timers[i], model[i].deadline, fire);
		} else if (what < 90) {
			model[i].deadline = 0;
			timer_cancel(&timers[i]);
		} else {
			now += (uint64_t)rand() % 100;
			run_all();
		}
		if (step % 64 == 0)
			assert_int_equal(timer_next(), model_next());
	}
	now += 100000;
	run_all();
	assert_true(fired > 100);
	assert_int_equal(timer_next(), FOREVER);
	assert_false(timer_run(now));
}

static int order[3];
static int order_count;
static struct timer chained[3];

static void note(struct timer *t)
{
	order[order_count++] = (int)(t - chained);
}

static void set_another(struct timer *t)
{
	note(t);
	timer_set(&chained[2], 5, note);  // already due: runs in the same go
	timer_cancel(&chained[1]);        // and this one no more
}

static void from_within(void **state)
{
	timer_set(&chained[0], 10, set_another);
	timer_set(&chained[1], 11, note);
	assert_int_equal(timer_next(), 10);
	assert_false(timer_run(9));
	assert_true(timer_run(20));
	assert_int_equal(order_count, 2);
	assert_int_equal(order[0], 0);
	assert_int_equal(order[1], 2);
	timer_cancel(&chained[0]); // not armed: nothing happens
	assert_int_equal(timer_next(), FOREVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(like_the_model),
		cmocka_unit_test(from_within),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
