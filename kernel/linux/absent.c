// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Calls that are known and deliberately not served. Their callers live without them or need a word
// of explanation.
#include <asm-generic/errno.h>

#include <core/klib.h>
#include <linux/process.h>
#include <linux/syscall.h>

// glibc registers restartable sequences and does without when there are none.
long sys_rseq(void)
{
	return -ENOSYS;
}
