// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// PI futexes: the word holds the owner's tid and says whether others wait. There are no priorities
// to inherit; what remains is the ABI, with ownership handed from the one who unlocks to the first
// who waits.
#include <asm-generic/errno.h>
#include <linux/futex.h>

#include <core/user.h>
#include <linux/futex_table.h>
#include <linux/futex_wake.h>
#include <linux/process.h>
#include <linux/syscall.h>

// Takes the lock if nobody has it. 1 if taken, 0 if somebody else has it (then FUTEX_WAITERS is set
// unless `try`), or an error.
static long take(uint32_t *addr, bool try)
{
	uint32_t tid = (uint32_t)current()->tid, word, seen, want;

	for (;;) {
		if (user_load32(addr, &word))
			return -EFAULT;
		if ((word & FUTEX_TID_MASK) == tid)
			return -EDEADLK;
		if (word & FUTEX_TID_MASK && !thread_find((int)(word & FUTEX_TID_MASK)))
			return -ESRCH;
		if (word & FUTEX_TID_MASK && try)
			return -EAGAIN;
		want = word & FUTEX_TID_MASK ? word | FUTEX_WAITERS
					     : (word & (FUTEX_WAITERS | FUTEX_OWNER_DIED)) | tid;
		if (user_cas32(addr, word, want, &seen))
			return -EFAULT;
		if (seen == word)
			return !(word & FUTEX_TID_MASK);
	}
}

long futex_lock_pi(uint32_t *addr, bool private, uint64_t deadline, bool try)
{
	struct futex_waiter w;
	long r = take(addr, try);

	if (r < 0 || r == 1)
		return r < 0 ? r : 0;
	futex_enqueue(&w, futex_key(addr, private), FUTEX_BITSET_ALL);
	w.pi = true;
	r = futex_sleep(&w, deadline);
	return r == -EINTR ? -ERESTARTSYS : r;
}

long futex_unlock_pi(uint32_t *addr, bool private)
{
	uint32_t word, next;
	struct futex_waiter *w;
	bool more;

	if (user_load32(addr, &word))
		return -EFAULT;
	if ((word & FUTEX_TID_MASK) != (uint32_t)current()->tid)
		return -EPERM;
	w = futex_first(futex_key(addr, private), true, &more);
	next = w ? (uint32_t)w->thread->tid | (more ? FUTEX_WAITERS : 0) : 0;
	if (user_store32(addr, next))
		return -EFAULT;
	if (w)
		futex_wake_waiter(w);
	return 0;
}

bool futex_pi_inherit(uint32_t *addr)
{
	bool more;
	struct futex_waiter *w = futex_first(futex_key(addr, false), true, &more);

	if (!w || user_store32(addr, (uint32_t)w->thread->tid | FUTEX_OWNER_DIED |
					     (more ? FUTEX_WAITERS : 0)))
		return false;
	futex_wake_waiter(w);
	return true;
}
