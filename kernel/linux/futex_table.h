// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Futexes between their files: futex.c (the table, waiting, waking), futex_op.c (the call),
// futex_pi.c (priority inheritance's ABI), robust.c (mutexes of threads that ended).
#ifndef LINUX_FUTEX_TABLE_H
#define LINUX_FUTEX_TABLE_H

#include <core/klib.h>
#include <sched/sched.h>

struct futex_key {
	const void *space; // a file, or the memory of a process
	uint64_t at;       // offset or address
};
// private: FUTEX_PRIVATE_FLAG; the word is not looked for in shared memory.
struct futex_key futex_key(const uint32_t *addr, bool private);

// One for each thread that waits, on its kernel stack.
struct futex_waiter {
	struct list link;  // in its bucket, in order of arrival
	struct futex_key key;
	uint32_t bitset;
	bool woken;
	bool pi;           // waits for a PI mutex: woken as its owner
	struct thread *thread;
};

#define FUTEX_BITSET_ALL 0xffffffffu

void futex_enqueue(struct futex_waiter *w, struct futex_key key, uint32_t bitset);
// Until woken: 0, -ETIMEDOUT, -EINTR; then it is out of the table.
int futex_sleep(struct futex_waiter *w, uint64_t deadline);
int futex_wake(struct futex_key key, int count, uint32_t bitset);
// Wakes up to `wake`, moves up to `move` more to `to`. Gives how many both were.
int futex_requeue(struct futex_key key, int wake, struct futex_key to, int move);
struct futex_waiter *futex_first(struct futex_key key, bool pi, bool *more);
void futex_wake_waiter(struct futex_waiter *w);

long futex_lock_pi(uint32_t *addr, bool private, uint64_t deadline, bool try);
long futex_unlock_pi(uint32_t *addr, bool private);

#endif
