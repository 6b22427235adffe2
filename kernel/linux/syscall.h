// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// How system calls are written and found.
//
// Each is a function `long sys_<name>(...)` with up to six arguments, that gives a result or a
// negative errno, in a file of its subject (fs/sys_*.c, mm/sys_*.c, net/sys_*.c, linux/*.c).
// syscall_table is made by the builder for each image (image/kernel.c writes it into the linker
// script): entry nr is sys_<name> if the program can make the call, else SYSCALL_LEFT_OUT or 0. So
// no file may refer to another system call's function; what two calls share is a function of its
// own. Parts that only some programs need are reached through weak symbols or registered at run
// time by the call that brings them in, so that the linker leaves them out where no call needs
// them.
#ifndef LINUX_SYSCALL_H
#define LINUX_SYSCALL_H

#include <stdint.h>
#include <core/trap.h>

typedef long (*syscall_fn)(uint64_t, uint64_t, uint64_t, uint64_t, uint64_t, uint64_t);
#define SYSCALL_COUNT 464
extern const syscall_fn syscall_table[SYSCALL_COUNT];
// An entry of the table for a call that Pith has and this image has not; 0: Pith has it not.
#define SYSCALL_LEFT_OUT ((syscall_fn)1)

// Results that never reach the program: the call is made again, or not, when a signal has been
// handled (linux/signal.c).
#define ERESTARTSYS 512           // again if SA_RESTART, else EINTR
#define ERESTARTNOHAND 514        // EINTR if a handler ran, else again
#define ERESTART_RESTARTBLOCK \
	516 // as NOHAND, but again by thread->restart with the time that is left

#endif
