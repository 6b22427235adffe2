// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// futex(2): the operations. Numbers and encodings: include/uapi/linux/futex.h.
#include <asm-generic/errno.h>
#include <linux/futex.h>

#include <core/user.h>
#include <linux/futex_table.h>
#include <linux/process.h>
#include <linux/syscall.h>
#include <linux/timespec.h>

static long wait_on(uint32_t *addr, bool private, uint32_t expected, uint32_t bitset,
		    uint64_t deadline)
{
	struct futex_waiter w;
	uint32_t now;
	int r;

	if (!bitset)
		return -EINVAL;
	if (user_load32(addr, &now))
		return -EFAULT;
	if (now != expected)
		return -EAGAIN;
	futex_enqueue(&w, futex_key(addr, private), bitset);
	r = futex_sleep(&w, deadline);
	return r == -EINTR ? -ERESTARTSYS : r;
}

static long wait_restart(struct thread *t)
{
	long r = wait_on((uint32_t *)t->restart_args[0], t->restart_args[3],
			 (uint32_t)t->restart_args[1], (uint32_t)t->restart_args[2],
			 t->restart_deadline);

	return r == -ERESTARTSYS ? -ERESTART_RESTARTBLOCK : r;
}

// With a timeout the call cannot simply be made again: it would wait for the whole of it once more.
static long futex_wait(uint32_t *addr, bool private, uint32_t expected, uint32_t bitset,
		       uint64_t deadline)
{
	struct thread *t = current();
	long r = wait_on(addr, private, expected, bitset, deadline);

	if (r != -ERESTARTSYS || deadline == FOREVER)
		return r;
	t->restart = wait_restart;
	t->restart_deadline = deadline;
	t->restart_args[0] = (uint64_t)addr;
	t->restart_args[1] = expected;
	t->restart_args[2] = bitset;
	t->restart_args[3] = private;
	return -ERESTART_RESTARTBLOCK;
}

static uint32_t operate(unsigned op, uint32_t old, uint32_t arg)
{
	switch (op) {
	case FUTEX_OP_SET:
		return arg;
	case FUTEX_OP_ADD:
		return old + arg;
	case FUTEX_OP_OR:
		return old | arg;
	case FUTEX_OP_ANDN:
		return old & ~arg;
	default:
		return old ^ arg;
	}
}

static bool compare(unsigned cmp, int32_t old, int32_t arg)
{
	switch (cmp) {
	case FUTEX_OP_CMP_EQ:
		return old == arg;
	case FUTEX_OP_CMP_NE:
		return old != arg;
	case FUTEX_OP_CMP_LT:
		return old < arg;
	case FUTEX_OP_CMP_LE:
		return old <= arg;
	case FUTEX_OP_CMP_GT:
		return old > arg;
	default:
		return old >= arg;
	}
}

static long check_address(const uint32_t *addr)
{
	if ((uintptr_t)addr & 3)
		return -EINVAL;
	return user_range_ok(addr, 4) ? 0 : -EFAULT;
}

static int32_t sign_extend12(uint32_t v)
{
	return (int32_t)(v << 20) >> 20;
}

static long wake_op(uint32_t *addr, bool private, int wake, int wake2, uint32_t *addr2,
		    uint32_t code)
{
	unsigned op = code >> 28 & 7, cmp = code >> 24 & 15;
	int32_t arg = sign_extend12(code >> 12 & 0xfff), cmp_arg = sign_extend12(code & 0xfff);
	uint32_t old, seen;
	int done;

	if (check_address(addr2))
		return check_address(addr2);
	if (op > FUTEX_OP_XOR || cmp > FUTEX_OP_CMP_GE)
		return -ENOSYS;
	if (code >> 31)
		arg = (int32_t)(1u << (arg & 31));
	if (user_load32(addr2, &old))
		return -EFAULT;
	for (;;) {
		if (user_cas32(addr2, old, operate(op, old, (uint32_t)arg), &seen))
			return -EFAULT;
		if (seen == old)
			break;
		old = seen;
	}
	done = futex_wake(futex_key(addr, private), wake, FUTEX_BITSET_ALL);
	if (compare(cmp, (int32_t)old, cmp_arg))
		done += futex_wake(futex_key(addr2, private), wake2, FUTEX_BITSET_ALL);
	return done;
}

static long requeue(uint32_t *addr, bool private, int wake, int move, uint32_t *to, bool check,
		    uint32_t expected)
{
	uint32_t now;
	long r;

	if (wake < 0 || move < 0)
		return -EINVAL;
	r = check_address(to);
	if (r)
		return r;
	if (check && user_load32(addr, &now))
		return -EFAULT;
	if (check && now != expected)
		return -EAGAIN;
	return futex_requeue(futex_key(addr, private), wake, futex_key(to, private), move);
}

static bool takes_timeout(int cmd)
{
	return cmd == FUTEX_WAIT || cmd == FUTEX_WAIT_BITSET || cmd == FUTEX_LOCK_PI ||
	       cmd == FUTEX_LOCK_PI2;
}

// FUTEX_WAIT's timeout is relative, all others are points in time. LOCK_PI's is of CLOCK_REALTIME
// always.
static long get_deadline(int op, const void *timeout, uint64_t *deadline)
{
	int cmd = op & FUTEX_CMD_MASK, r;
	uint64_t ns;

	*deadline = FOREVER;
	if (!timeout || !takes_timeout(cmd))
		return 0;
	r = timespec_from_user(timeout, &ns);
	if (r)
		return r;
	if (cmd == FUTEX_WAIT)
		*deadline = deadline_after(ns);
	else if (cmd == FUTEX_LOCK_PI || op & FUTEX_CLOCK_REALTIME)
		*deadline = deadline_at_wall(ns);
	else
		*deadline = ns;
	return 0;
}

static long unsupported(int cmd)
{
	klog("futex operation %d is not supported; ENOSYS", cmd);
	return -ENOSYS;
}

long sys_futex(uint32_t *addr, int op, uint32_t val, const void *timeout, uint32_t *addr2,
	       uint32_t val3)
{
	int cmd = op & FUTEX_CMD_MASK, val2 = (int)(uintptr_t)timeout;
	bool private = op & FUTEX_PRIVATE_FLAG;
	uint64_t deadline;
	long r;

	r = check_address(addr);
	if (!r)
		r = get_deadline(op, timeout, &deadline);
	if (r)
		return r;
	switch (cmd) {
	case FUTEX_WAIT:
		return futex_wait(addr, private, val, FUTEX_BITSET_ALL, deadline);
	case FUTEX_WAIT_BITSET:
		return futex_wait(addr, private, val, val3, deadline);
	case FUTEX_WAKE:
		return futex_wake(futex_key(addr, private), (int)val, FUTEX_BITSET_ALL);
	case FUTEX_WAKE_BITSET:
		return val3 ? futex_wake(futex_key(addr, private), (int)val, val3) : -EINVAL;
	case FUTEX_REQUEUE:
	case FUTEX_CMP_REQUEUE:
		return requeue(addr, private, (int)val, val2, addr2, cmd == FUTEX_CMP_REQUEUE,
			       val3);
	case FUTEX_WAKE_OP:
		return wake_op(addr, private, (int)val, val2, addr2, val3);
	case FUTEX_LOCK_PI:
	case FUTEX_LOCK_PI2:
	case FUTEX_TRYLOCK_PI:
		return futex_lock_pi(addr, private, deadline, cmd == FUTEX_TRYLOCK_PI);
	case FUTEX_UNLOCK_PI:
		return futex_unlock_pi(addr, private);
	default:
		return unsupported(cmd);
	}
}
