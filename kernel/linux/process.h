// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A program of the instance. There is one (pid 1 inside would surprise programs that treat it as
// init: it is 2); a second one loaded beside it by vfork+exec comes later, which is why nothing
// here is global.
#ifndef LINUX_PROCESS_H
#define LINUX_PROCESS_H

#include <stdint.h>
#include <core/klib.h>
#include <sched/sched.h>

struct mm;
struct fd_table;
struct path;

struct signal_action {
	uint64_t handler; // SIG_DFL, SIG_IGN or an address
	uint64_t flags;
	uint64_t restorer;
	uint64_t mask;
};

struct rlimit_pair {
	uint64_t cur, max;
};
#define RLIMIT_COUNT 16

struct process {
	int pid, ppid;
	struct list threads;
	unsigned thread_count;
	struct mm *mm;
	struct fd_table *files;
	struct vnode *cwd, *root;
	char *exe;                 // path of the program
	uint32_t umask;
	struct signal_action actions[64];
	uint64_t sig_pending;      // process-directed
	struct list sig_queue;
	struct wait_queue signal_wait; // signalfd, sigtimedwait
	struct rlimit_pair limits[RLIMIT_COUNT];
	uint32_t uid, gid, euid, egid, suid, sgid;
	bool exiting; // exit_group or a fatal signal: threads end at their next way out
	int exit_status;           // as wait(2) has it
	bool dumpable, no_new_privs;
	int pgid, sid;
	int pdeathsig;             // kept for who asks; the parent is the outside
	const char *hostname;
	uint64_t dead_cpu_ns;      // cpu time of threads that have ended
	uint64_t start_ns;         // monotonic
};

extern struct process *init_process;
static inline struct process *current_process(void) { return current()->process; }

// Ends the program: all threads go, then the instance with the status that a shell would show (128
// + signal).
void process_exit(int wait_status) __attribute__((noreturn));

// Sends a signal from the kernel (SIGSEGV by a fault, SIGPIPE, SIGALRM...). info may be NULL.
struct siginfo_lite {
	int32_t signo, err, code;
	uint64_t addr;       // si_addr, or si_value
	int32_t pid, uid;    // of the sender
	int32_t timerid, overrun;
};
void signal_thread(struct thread *t, const struct siginfo_lite *info);
void signal_process(struct process *p, const struct siginfo_lite *info);
void signal_force(struct thread *t, const struct siginfo_lite *info); // cannot be blocked or
								      // ignored: faults
bool signal_pending(struct thread *t); // is there one to deliver now?

#endif
