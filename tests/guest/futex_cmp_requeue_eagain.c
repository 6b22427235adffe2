// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// FUTEX_CMP_REQUEUE does nothing if the word is not what was expected.
//
// ERROR: yes
#include "t.h"
#include "tfutex.h"

int main(void)
{
	int a = 1, b = 0;
	CHECK_ERR(futex(&a, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE, 1, (void *)1, &b, 2), EAGAIN);
	SHOW(futex(&a, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE, 1, (void *)1, &b, 1));
	CHECK_ERR(futex(&a, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE, -1, (void *)1, &b, 1), EINVAL);
	CHECK_ERR(futex(&a, FUTEX_REQUEUE | FUTEX_PRIVATE, 1, (void *)-1l, &b, 0), EINVAL);
	CHECK_ERR(futex(&a, FUTEX_REQUEUE | FUTEX_PRIVATE, 1, (void *)1, (char *)&b + 1, 0), EINVAL);
	return 0;
}
