// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The processes of an instance. The first is the instance: it ends with it. It is process 2,
// because programs that find themselves to be 1 take themselves for init; 1 is the outside, the
// parent of the first and of whoever loses its own, and it waits for none of them. All others come
// by clone and execve; what only they need (linux/child.c) is linked with the calls that make them
// or wait for them.
//
// A process lives, is a zombie from the end of its last thread until its parent has waited for it,
// and is then freed when no pidfd holds it any more.
#ifndef LINUX_PROCESS_H
#define LINUX_PROCESS_H

#include <stdint.h>
#include <core/klib.h>
#include <linux/caps.h>
#include <sched/sched.h>

struct mm;
struct siginfo_lite;
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

struct exec_strings { // NUL-terminated strings one behind the other, in kernel memory
	const char *bytes;
	uint32_t count;
	size_t len;
};

// What a program was started with; processes that fork share it.
struct invocation {
	unsigned refs;
	struct exec_strings args, env; // each kmalloc'ed, but of the first program
	char *exe;                     // path of the program; the same
};

struct groups { // kmalloc'ed; shared by processes that fork
	uint32_t refs, count, id[];
};

struct process {
	struct list link;          // in process_list, in order of age
	unsigned refs;             // itself until it has been waited for, and pidfds
	int pid, ppid;
	struct process *parent;    // NULL: the outside
	struct list children, sibling;
	struct wait_queue child_wait; // who waits for children, or for the other threads to end
	struct wait_queue ended;   // who watches this one end (pidfd)
	struct vfork *vfork;       // the parent that stands still until exec or end (linux/child.c)
	int exit_signal;           // to the parent at the end; 0: none
	bool zombie, subreaper;
	struct list threads;
	unsigned thread_count;
	struct mm *mm;
	struct fd_table *files;
	struct vnode *cwd, *root;
	struct invocation *invocation;
	uint32_t umask;
	struct signal_action actions[64];
	uint64_t sig_pending;      // process-directed
	struct list sig_queue;
	struct wait_queue signal_wait; // signalfd, sigtimedwait
	struct rlimit_pair limits[RLIMIT_COUNT];
	uint32_t uid, gid, euid, egid, suid, sgid;
	struct groups *groups;     // supplementary ones; NULL: none
	struct capabilities caps;      // linux/caps.h
	bool exiting;              // exit_group or a fatal signal: its threads are ending
	int exit_status;           // as wait(2) has it
	uint32_t barriers;         // what membarrier(2) has been told of
	bool dumpable, no_new_privs;
	bool no_huge_pages;        // kept for who asks
	int oom_score_adj;         // the same
	int pgid, sid;
	char comm[16];             // of a zombie: its last thread's
	int pdeathsig;             // kept for who asks; the parent is the outside
	const char *hostname;
	uint64_t dead_cpu_ns;      // cpu time of threads that have ended
	uint64_t child_cpu_ns;     // of children that have been waited for
	struct itimers *itimers;   // linux/itimer.c; NULL: none was ever set
	uint64_t start_ns;         // monotonic
};

// Is it among the supplementary groups?
static inline bool process_in_group(const struct process *p, uint32_t gid)
{
	for (uint32_t i = 0; p->groups && i < p->groups->count; i++)
		if (p->groups->id[i] == gid)
			return true;
	return false;
}

extern struct process *init_process; // the first, or who goes on in its place
extern int foreground_group; // of the console's terminal: who gets what is typed there (SIGINT)

// linux/terminal.c and child.c, where there are more than the first.
__attribute__((weak)) void terminal_signal(const struct siginfo_lite *info); // to that group
__attribute__((weak)) long terminal_ioctl(unsigned long cmd, unsigned long arg);
__attribute__((weak)) bool process_id_in_use(int id); // as a process, a group or a session
extern struct list process_list;
static inline struct process *current_process(void) { return current()->process; }
struct process *process_find(int pid); // living or zombie, or NULL
void process_lists_init(struct process *p);

// The end of a thread that is `exiting` (linux/child.c).
__attribute__((weak)) void process_thread_end(void) __attribute__((noreturn));

// Ends the caller's process: all its threads go. With the first the instance ends, with the status
// that a shell would show (128 + signal).
void process_exit(int wait_status) __attribute__((noreturn));

// Sends a signal from the kernel (SIGSEGV by a fault, SIGPIPE, SIGALRM...). info may be NULL.
struct siginfo_lite {
	int32_t signo, err, code;
	uint64_t addr;       // si_addr, si_value, or si_status
	int32_t pid, uid;    // of the sender
	int32_t timerid, overrun;
};
void signal_thread(struct thread *t, const struct siginfo_lite *info);
void signal_process(struct process *p, const struct siginfo_lite *info);
void signal_force(struct thread *t, const struct siginfo_lite *info); // cannot be blocked or
								      // ignored: faults
bool signal_pending(struct thread *t); // is there one to deliver now?

#endif
