// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// FUTEX_WAKE_OP changes the second word and wakes there if the old value fits.
#include "t.h"
#include "tfutex.h"

#define OP(op, oparg, cmp, cmparg) ((op) << 28 | (cmp) << 24 | (oparg) << 12 | (cmparg))

int main(void)
{
	int a = 0, b = 5;
	// b += 3, then wake on b if the old b == 5.
	SHOW(futex(&a, FUTEX_WAKE_OP | FUTEX_PRIVATE, 1, (void *)1, &b, OP(1, 3, 0, 5)));
	SHOW(b);
	// b = 1 (set), compare old > 100.
	SHOW(futex(&a, FUTEX_WAKE_OP | FUTEX_PRIVATE, 1, (void *)1, &b, OP(0, 1, 4, 100)));
	SHOW(b);
	// b |= 6, b &= ~2, b ^= 5.
	SHOW(futex(&a, FUTEX_WAKE_OP | FUTEX_PRIVATE, 1, (void *)1, &b, OP(2, 6, 0, 0)));
	SHOW(b);
	SHOW(futex(&a, FUTEX_WAKE_OP | FUTEX_PRIVATE, 1, (void *)1, &b, OP(3, 2, 0, 0)));
	SHOW(b);
	SHOW(futex(&a, FUTEX_WAKE_OP | FUTEX_PRIVATE, 1, (void *)1, &b, OP(4, 5, 0, 0)));
	SHOW(b);
	CHECK_ERR(futex(&a, FUTEX_WAKE_OP | FUTEX_PRIVATE, 1, (void *)1, BAD_PTR, OP(1, 3, 0, 5)), EFAULT);
	return 0;
}
