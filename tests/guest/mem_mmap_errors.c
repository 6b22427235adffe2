// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Lengths, flags and addresses that make no sense.
//
// ERROR: yes
#include "t.h"

#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

int main(void)
{
	CHECK_ERR(mmap(NULL, 0, PROT_READ, ANON, -1, 0), EINVAL);
	CHECK_ERR(mmap(NULL, 4096, PROT_READ, MAP_ANONYMOUS, -1, 0), EINVAL);
	CHECK_ERR(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0), EBADF);
	CHECK_ERR(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 99, 0), EBADF);
	CHECK_ERR(syscall(SYS_mmap, NULL, 4096, PROT_READ, ANON, -1, 5), EINVAL);
	CHECK_ERR(mmap((void *)0x10000001, 4096, PROT_READ, ANON | MAP_FIXED, -1, 0), EINVAL);
	CHECK_ERR(syscall(SYS_mmap, NULL, 1ul << 62, PROT_READ, ANON, -1, 0), ENOMEM);
	CHECK_ERR(syscall(SYS_mmap, NULL, -1ul, PROT_READ, ANON, -1, 0), ENOMEM);
	CHECK_ERR(mmap((void *)0xffff800000000000ul, 4096, PROT_READ, ANON | MAP_FIXED, -1, 0), ENOMEM);
	return 0;
}
