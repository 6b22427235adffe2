// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// prctl's refusals.
//
// ERROR: yes
#include "t.h"
#include <sys/prctl.h>

int main(void)
{
	CHECK_ERR(prctl(0x7777777, 0, 0, 0, 0), EINVAL);
	CHECK_ERR(prctl(PR_SET_NAME, BAD_PTR, 0, 0, 0), EFAULT);
	CHECK_ERR(prctl(PR_GET_NAME, BAD_PTR, 0, 0, 0), EFAULT);
	return 0;
}
