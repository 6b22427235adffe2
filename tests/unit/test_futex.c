// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/linux/futex.c: who is woken, in which order, and who is moved. One host thread plays all
// waiters: a wait_sleep of the fake does not sleep but runs the next step of the test.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <asm/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/futex_table.h>
#include <linux/futex_wake.h>

#define WAITERS 8

static struct thread threads[WAITERS];
static struct percpu cpu;
static struct futex_waiter waiters[WAITERS];
static uint32_t words[256];
static int sleep_result;
static struct futex_waiter *wake_in_sleep;

int wait_sleep(uint64_t deadline, bool interruptible)
{
	if (wake_in_sleep)
		futex_wake_waiter(wake_in_sleep);
	return sleep_result;
}

void thread_wake(struct thread *t)
{
	assert_true(t->woken);
}

struct futex_key futex_key(const uint32_t *addr, bool private)
{
	return (struct futex_key){ NULL, (uintptr_t)addr };
}

static struct futex_key key(const uint32_t *addr) { return futex_key(addr, true); }

static void enqueue(int i, uint32_t *addr, uint32_t bitset)
{
	cpu.current = &threads[i];
	threads[i].woken = false;
	futex_enqueue(&waiters[i], key(addr), bitset);
}

static void empty(uint32_t *addr)
{
	assert_int_equal(futex_wake(key(addr), INT32_MAX, FUTEX_BITSET_ALL), 0);
}

static void wake_in_order(void **state)
{
	for (int i = 0; i < 4; i++)
		enqueue(i, &words[i % 2], FUTEX_BITSET_ALL);
	assert_int_equal(futex_wake(key(&words[0]), 1, FUTEX_BITSET_ALL), 1);
	assert_true(waiters[0].woken);
	assert_false(waiters[2].woken);
	assert_int_equal(futex_wake_address(&words[1], 10), 2);
	assert_int_equal(futex_wake(key(&words[0]), 10, FUTEX_BITSET_ALL), 1);
	empty(&words[0]);
	empty(&words[1]);
}

static void bitsets(void **state)
{
	enqueue(0, words, 1);
	enqueue(1, words, 2);
	assert_int_equal(futex_wake(key(words), 10, 4), 0);
	assert_int_equal(futex_wake(key(words), 10, 2), 1);
	assert_true(waiters[1].woken);
	assert_int_equal(futex_wake(key(words), 10, 3), 1);
	empty(words);
}

static void requeue(void **state)
{
	for (int i = 0; i < 5; i++)
		enqueue(i, &words[0], FUTEX_BITSET_ALL);
	assert_int_equal(futex_requeue(key(&words[0]), 1, key(&words[200]), 2), 3);
	assert_true(waiters[0].woken);
	assert_int_equal(futex_wake(key(&words[200]), 10, FUTEX_BITSET_ALL), 2);
	assert_true(waiters[1].woken && waiters[2].woken);
	assert_int_equal(futex_wake(key(&words[0]), 10, FUTEX_BITSET_ALL), 2);
	empty(&words[200]);
	assert_int_equal(futex_requeue(key(&words[0]), 1, key(&words[0]), 5), 0);
}

static void sleeping(void **state)
{
	enqueue(0, words, FUTEX_BITSET_ALL);
	sleep_result = -4;
	assert_int_equal(futex_sleep(&waiters[0], FOREVER), -4);
	empty(words); // out of the table, though nobody woke it
	enqueue(1, words, FUTEX_BITSET_ALL);
	wake_in_sleep = &waiters[1];
	assert_int_equal(futex_sleep(&waiters[1], 5),
			 0); // a wake-up wins over the timeout that came with it
	wake_in_sleep = NULL;
	empty(words);
}

static void first_of_kind(void **state)
{
	bool more;

	enqueue(0, words, FUTEX_BITSET_ALL);
	assert_null(futex_first(key(words), true, &more));
	waiters[0].pi = true;
	assert_ptr_equal(futex_first(key(words), true, &more), &waiters[0]);
	assert_false(more);
	enqueue(1, words, FUTEX_BITSET_ALL);
	waiters[1].pi = true;
	assert_ptr_equal(futex_first(key(words), true, &more), &waiters[0]);
	assert_true(more);
	empty(words); // plain wake-ups leave them
	futex_wake_waiter(&waiters[0]);
	futex_wake_waiter(&waiters[1]);
	assert_null(futex_first(key(words), true, &more));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wake_in_order),
		cmocka_unit_test(bitsets),
		cmocka_unit_test(requeue),
		cmocka_unit_test(sleeping),
		cmocka_unit_test(first_of_kind),
	};

	// The library OS finds its thread through GS, which nothing else uses here.
	cpu.self = &cpu;
	if (syscall(SYS_arch_prctl, ARCH_SET_GS, &cpu))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
