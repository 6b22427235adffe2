// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// More processes than the first, between their files: child.c (their beginning and end), execve.c
// (another program in a process), wait4.c (what becomes of them).
#ifndef LINUX_CHILD_H
#define LINUX_CHILD_H

#include <linux/process.h>

// A parent that stands still until its child has called execve or has ended; on its kernel stack.
struct vfork {
	struct wait_queue over;
	bool done;
};
// The end of p's hold on its memory.
void process_drop_mm(struct mm *mm);
void vfork_over(struct process *child); // the child does not need its parent's memory any more

// What clone(2) and clone3(2) ask for.
struct clone_request {
	uint64_t flags; // without the signal
	int exit_signal;
	uint64_t rsp;   // 0: as the caller has it
	uint64_t tls;
	uint32_t *parent_tid, *child_tid;
	int32_t *pidfd;
};
// A new process; gives its pid, or a negative errno.
long process_clone(const struct clone_request *c);

// Makes all threads of p but one end, at their next way out.
void process_stop_threads(struct process *p, const struct thread *but);
// What a thread leaves behind is told to who waits for it: robust mutexes, and the word of
// pthread_join. Then it has neither.
void thread_leave(struct thread *t);
// What SIGCHLD and waitid tell of a child that has ended.
void child_info(struct siginfo_lite *info, const struct process *p);
// A zombie that has been waited for.
void process_reap(struct process *p);
void process_put(struct process *p); // a reference; the last frees it
void invocation_put(struct invocation *i);

void terminal_link(void); // brings linux/terminal.c in, which others find by weak names

// Timers of a process that ends or (only timer_create's) calls execve; absent where none can be
// set.
__attribute__((weak)) void itimers_forget(struct process *p);
__attribute__((weak)) void posix_timers_forget(struct process *p);
// linux/pidfd.c: a descriptor for p, or a negative errno; and the process of one, with a reference,
// or NULL.
long pidfd_new(struct process *p, unsigned flags);
struct process *pidfd_process(int fd);

#endif
