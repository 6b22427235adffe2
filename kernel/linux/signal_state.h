// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Signal state of a thread and of a process. Bits: signal n is bit n - 1, as in Linux's sigset_t.
#ifndef LINUX_SIGNAL_STATE_H
#define LINUX_SIGNAL_STATE_H

#include <stdint.h>
#include <core/klib.h>

#define NSIG_ 64

struct signal_state {
	uint64_t mask;
	uint64_t saved_mask;     // to restore after sigsuspend, ppoll, pselect, epoll_pwait
	bool restore_mask;
	uint64_t pending;        // bits of `queue`
	struct list queue;       // struct sigqueue (linux/signal.c)
	uint64_t altstack_base, altstack_len;
	uint32_t altstack_flags;
	uint64_t fault_vector, fault_error, fault_cr2; // of the last fault, for the signal frame's
						       // context
	uint64_t waiting;        // sigtimedwait: these, though blocked, wake the thread
};

#endif
