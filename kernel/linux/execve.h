// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// One call of execve on its way: execve.c drives it, exec_args.c brings in what the program named.
#ifndef LINUX_EXECVE_H
#define LINUX_EXECVE_H

#include <linux/process.h>
#include <mm/mm.h>

#define EXEC_ARGS_MAX (6ul << 20) /* as Linux: three quarters of _STK_LIM */
#define EXEC_STRING_MAX (32 * PAGE_SIZE) /* MAX_ARG_STRLEN */
#define EXEC_LINE 256             /* BINPRM_BUF_SIZE: what is looked at of a #! line */
#define EXEC_SCRIPTS 5            /* scripts whose interpreters are scripts */

struct exec_call {
	char *name;                 // of the program that is loaded; kmalloc'ed
	char *exe;                  // its absolute path, as far as that is known; kmalloc'ed
	char comm[16];              // of the program or script that was called
	struct vnode *file;
	struct exec_strings args, env; // kmalloc'ed
	struct exec_program *program;
	struct exec_start start;
	struct invocation *invocation;
};

char *exec_string(const char *s); // a copy, or NULL
// A list of the program's memory: pointers to strings, NULL at the end. user 0 is an empty list.
// -E2BIG: longer than `room`.
int exec_strings(struct exec_strings *out, uint64_t user, size_t room);
// Puts one in front; with `replace`, for the first that is there. 0 or -ENOMEM.
int exec_strings_front(struct exec_strings *list, const char *s, bool replace);
// Is e->file a script? 1: then the arguments are those of its interpreter, which is told. 0: no. Or
// a negative errno.
int exec_script(struct exec_call *e, char interpreter[EXEC_LINE]);

#endif
