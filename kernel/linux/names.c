// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names of system calls, for messages.
#include <core/klib.h>
#include <linux/dispatch.h>

// One after the other in order of number, as arch/x86/entry/syscalls/syscall_64.tbl has them; an
// empty one has no name.
static const char names[] =
#define N(name) name "\0"
#include <linux/names.inc>
#undef N
	;

const char *syscall_name(unsigned nr)
{
	const char *p = names, *end = names + sizeof(names) - 1;

	for (; nr && p < end; nr--)
		p += strlen(p) + 1;
	return p < end && *p ? p : "?";
}
