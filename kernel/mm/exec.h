// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Between the two halves of loading a program: exec.c maps it, exec_stack.c makes its first stack.
#ifndef MM_EXEC_H
#define MM_EXEC_H

#include <mm/mm.h>

#define RLIMIT_STACK_ 3 /* RLIMIT_STACK of asm-generic/resource.h */
#define STACK_MAX (64ul << 20)

struct exec_facts {
	uintptr_t phdr, entry, interp_base, stack_top;
	unsigned phnum;
	const char *path;
	const struct exec_strings *args, *env;
};

// Puts arguments, environment and auxiliary vector below stack_top. Gives 0 and the first rsp, or a
// negative errno.
int exec_stack(struct mm *mm, const struct exec_facts *facts, uintptr_t *rsp);

#endif
