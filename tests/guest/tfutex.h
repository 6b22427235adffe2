// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The futex system call by hand: musl's headers have no linux/futex.h. Values: futex(2).
#pragma once

#define FUTEX_WAIT 0
#define FUTEX_WAKE 1
#define FUTEX_REQUEUE 3
#define FUTEX_CMP_REQUEUE 4
#define FUTEX_WAKE_OP 5
#define FUTEX_WAIT_BITSET 9
#define FUTEX_WAKE_BITSET 10
#define FUTEX_PRIVATE 128
#define FUTEX_REALTIME 256

#define futex(word, op, value, timeout, word2, value3) \
	syscall(SYS_futex, (word), (op), (value), (timeout), (word2), (value3))

// Waits until `count` threads sleep on `word`: moving them to another word counts them and wakes
// nobody; then back.
static T_UNUSED void futex_settle(volatile int *word, int count)
{
	static int aside;
	for (;;) {
		int moved = futex(word, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE, 0, (void *)1000, &aside, *word);
		NEED(futex(&aside, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE, 0, (void *)1000, word, 0) == moved);
		if (moved == count)
			return;
		t_sleep_ms(1);
	}
}
