// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Flags and memory that make no sense.
//
// ERROR: yes
#include "t.h"
#include <sys/random.h>

int main(void)
{
	char buf[300];
	CHECK_ERR(getrandom(buf, 16, 0x100), EINVAL);
	CHECK_ERR(getrandom(BAD_PTR, 16, 0), EFAULT);
	CHECK_ERR(getentropy(buf, 257), EIO);
	return 0;
}
