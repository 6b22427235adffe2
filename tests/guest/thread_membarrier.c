// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// membarrier: what is used is registered first.
//
// ERROR: yes
#include "t.h"

#define membarrier(cmd, flags) syscall(SYS_membarrier, (cmd), (flags), 0)

int main(void)
{
	CHECK((membarrier(0, 0) & 0x18) == 0x18);
	CHECK_ERR(membarrier(8, 0), EPERM);
	SHOW(membarrier(16, 0));
	SHOW(membarrier(8, 0));
	CHECK_ERR(membarrier(3, 0), EINVAL);
	CHECK_ERR(membarrier(-1, 0), EINVAL);
	CHECK_ERR(membarrier(8, 0x10), EINVAL);
	return 0;
}
