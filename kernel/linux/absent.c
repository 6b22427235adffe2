// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Calls that are known and deliberately not served. Their callers live without them or need a word
// of explanation.
#include <asm-generic/errno.h>

#include <core/klib.h>
#include <linux/process.h>
#include <linux/syscall.h>

static long no_processes(const char *call)
{
	static bool told;

	if (!told)
		klog("%s: an instance runs one program; there are no child processes (ENOSYS)",
		     call);
	told = true;
	return -ENOSYS;
}

long sys_fork(void)
{
	return no_processes("fork");
}

long sys_vfork(void)
{
	return no_processes("vfork");
}

long sys_execve(void)
{
	return no_processes("execve");
}

long sys_execveat(void)
{
	return no_processes("execveat");
}

// libcs fall back to clone.
long sys_clone3(void)
{
	return -ENOSYS;
}

// glibc registers restartable sequences and does without when there are none.
long sys_rseq(void)
{
	return -ENOSYS;
}
