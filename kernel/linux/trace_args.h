// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Arguments of system calls as strace shows them. It is linked where the builder asks for
// trace_args (-u): in images that can make every call, which are large already. Elsewhere the trace
// shows numbers and paths.
#ifndef LINUX_TRACE_ARGS_H
#define LINUX_TRACE_ARGS_H

#include <core/trap.h>

// Writes "name(argument, ..." of the call in f, whose result it is; a negative one says that
// nothing has been filled in. Gives its length, or 0 if the call's arguments are not known here.
size_t trace_args(char *buf, size_t size, const struct trap_frame *f, long result)
	__attribute__((weak));

// Names by kind (linux/trace_names.c): of a value, or NULL; of some flag in *v, which is taken out,
// or NULL.
const char *trace_value(char kind, uint32_t v);
const char *trace_flag(char kind, uint32_t *v);

#endif
