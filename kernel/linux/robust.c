// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Robust mutexes: the list that a thread keeps in its memory of the locks it holds; when it ends,
// each of them is marked and one waiter woken. Everything in the list is the program's and may be
// anything. Format: include/uapi/linux/futex.h, struct robust_list_head.
#include <asm-generic/errno.h>
#include <linux/futex.h>

#include <core/user.h>
#include <linux/futex_wake.h>
#include <linux/process.h>
#include <linux/syscall.h>

_Static_assert(sizeof(struct robust_list_head) == 24, "ABI");

long sys_set_robust_list(void *head, size_t len)
{
	if (len != sizeof(struct robust_list_head))
		return -EINVAL;
	current()->robust_list = head;
	current()->robust_len = len;
	return 0;
}

// One lock of the list: marks it if the thread that ends has it.
static void owner_died(uint32_t *addr, bool pi, uint32_t tid)
{
	uint32_t word, seen;

	for (;;) {
		if ((uintptr_t)addr & 3 || user_load32(addr, &word) ||
		    (word & FUTEX_TID_MASK) != tid)
			return;
		if (pi && futex_pi_inherit && futex_pi_inherit(addr))
			return;
		if (user_cas32(addr, word, (word & FUTEX_WAITERS) | FUTEX_OWNER_DIED, &seen))
			return;
		if (seen == word)
			break;
	}
	if (word & FUTEX_WAITERS && futex_wake_address)
		futex_wake_address(addr, 1);
}

#define ENTRY(p) ((p) & ~1ul)
#define IS_PI(p) ((p) & 1ul)

void futex_robust_exit(struct thread *t)
{
	struct robust_list_head head;
	uintptr_t at, next;
	bool pi;

	if (copy_from_user(&head, t->robust_list, sizeof(head)))
		return;
	at = ENTRY((uintptr_t)head.list.next);
	pi = IS_PI((uintptr_t)head.list.next);
	for (int i = 0; i < ROBUST_LIST_LIMIT && at != (uintptr_t)t->robust_list; i++) {
		// The next entry is read first: when the lock is marked its memory may go.
		if (copy_from_user(&next, (const void *)at, sizeof(next)))
			return;
		if (at != ENTRY((uintptr_t)head.list_op_pending))
			owner_died((uint32_t *)(at + (uintptr_t)head.futex_offset), pi,
				   (uint32_t)t->tid);
		at = ENTRY(next);
		pi = IS_PI(next);
	}
	if (head.list_op_pending)
		owner_died((uint32_t *)(ENTRY((uintptr_t)head.list_op_pending) +
					(uintptr_t)head.futex_offset),
			   IS_PI((uintptr_t)head.list_op_pending), (uint32_t)t->tid);
}
