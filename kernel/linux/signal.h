// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Signals between the files that make them up:
//   signal.c     sending: pending sets and queues, whom to wake
//   deliver.c    on the way back to the program: the next signal, default actions, restarts of
// system calls
//   sigframe.c   handlers: the frame on the program's stack and the return from it; linked with
// rt_sigaction
//   sys_sig*.c   the system calls
#ifndef LINUX_SIGNAL_H
#define LINUX_SIGNAL_H

#include <asm-generic/siginfo.h>
#include <asm-generic/signal.h>

#include <core/trap.h>
#include <linux/process.h>

#define SIG_BIT(n) (1ull << ((n) - 1))
#define SIG_FIRST_RT 32
#define SIG_UNBLOCKABLE (SIG_BIT(SIGKILL) | SIG_BIT(SIGSTOP))

enum signal_default { DEFAULT_TERMINATE, DEFAULT_CORE, DEFAULT_IGNORE, DEFAULT_STOP };
enum signal_default signal_default(int signo);
bool signal_ignored(const struct process *p, int signo);

// Takes one pending signal out of `set`: of the thread, then of the process. Gives its number, or
// 0.
int signal_take(struct thread *t, uint64_t set, struct siginfo_lite *info);
bool signal_permitted(const struct process *p, int signo); // may the caller send it?
uint64_t signal_pending_set(const struct thread *t); // thread's and process's, blocked or not
void signal_flush(struct process *p, int signo);     // forgets pending ones: ignored from now on

// A timer's signal that is still queued (for t, or for the process if t is NULL) takes `times` more
// periods as its overrun. false: there is none.
bool signal_merge_timer(struct process *p, struct thread *t, int timerid, uint64_t times);

void signal_set_mask(struct thread *t, uint64_t mask); // and notices what may be delivered now
void signal_from_host(uint64_t bits);
void signal_deliver(struct trap_frame *f);
const char *signal_name(int signo);

// Set by sigframe.c when it is linked: puts a handler's frame on the program's stack and points f
// to the handler. false: it does not fit there.
struct signal_frame_ops {
	bool (*push)(struct trap_frame *f, const struct siginfo_lite *info,
		     const struct signal_action *sa, uint64_t mask);
};
extern const struct signal_frame_ops *signal_frames;
void signal_frames_link(void);

// The two shapes of siginfo. linux/siginfo.c
struct siginfo_user {
	int32_t signo, err, code, pad;
	uint8_t fields[112];
};
void siginfo_to_user(struct siginfo_user *u, const struct siginfo_lite *info);
void siginfo_from_user(struct siginfo_lite *info, const struct siginfo_user *u);

// The signal mask for the time of one wait (sigsuspend, ppoll, pselect, epoll_pwait): the way back
// restores the old one, after the signal that ended the wait.
void signal_mask_temporarily(uint64_t mask);

#endif
