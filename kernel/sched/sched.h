// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Threads, waiting, time. One kernel lock, held from entry to exit or to a blocking wait; on one
// vcpu it is implicit: code of the library OS is never preempted, it only gives the vcpu away in
// wait functions.
#ifndef SCHED_SCHED_H
#define SCHED_SCHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <core/klib.h>
#include <core/percpu.h>
#include <core/trap.h>
#include <linux/signal_state.h>

#define FOREVER UINT64_MAX
#define NSEC 1000000000ull

enum thread_state { THREAD_RUNNABLE, THREAD_BLOCKED, THREAD_DEAD };

struct process; // one program of the instance: fd table, address space, signal actions, ids
		// (linux/process.h)

// Told to who asks, and otherwise without effect (linux/priority.c, sched_calls.c, prctl.c); new
// threads inherit it.
struct thread_kept {
	int8_t nice;
	uint8_t policy;          // SCHED_*
	uint16_t ioprio;
	uint64_t timer_slack_ns; // 0: the default
};

struct thread {
	struct list run;          // in the run queue when runnable and not running
	struct list all;          // in process->threads
	struct process *process;
	enum thread_state state;
	int tid;
	uintptr_t stack_va;       // kernel stack: stack_len bytes mapped, a guard page below
	size_t stack_len;
	uintptr_t ksp;            // saved stack pointer while not running
	void *fpu;                // XSAVE area while not running
	uint64_t fs_base;         // saved while not running
	struct trap_frame *frame; // the program's registers, at the top of the kernel stack
	bool woken;               // by a wake-up, not by timeout or signal
	bool timed_out;
	bool interruptible;       // in a wait that a signal ends
	bool exiting;             // ends at its next way back to the program
	uint64_t slice_left;      // ns of its turn
	uint64_t slice_end;       // monotonic ns at which it may be preempted
	uint64_t turn_cost;       // ns that it took to make its memory the live one (mm/fork.c)
	uint64_t cpu_ns;          // time it has run
	uint64_t started_at;      // when it last got the vcpu
	struct signal_state sig;  // mask, pending, alternate stack
	uint32_t *set_tid;   // user address: the tid is stored before the first instruction
	uint32_t *clear_tid; // user address: 0 is stored and a futex woken when the thread ends
	void *robust_list;        // user address
	size_t robust_len;
	char comm[16];
	struct thread_kept kept;
	// What a blocked system call needs to be restarted after a signal without SA_RESTART
	// semantics of its own (nanosleep, futex with timeout, poll): see linux/restart.h.
	uint64_t restart_deadline;
	long (*restart)(struct thread *t);
	uint64_t restart_args[6];
};

// A set of waiters. Used as:
//	struct waiter w; wait_begin(&q, &w); while (!condition) { r = wait_sleep(deadline, true); if
//(r) break; } wait_end(&w);
struct wait_queue {
	struct list waiters;
};
struct waiter {
	struct list link;
	struct thread *thread;
	// If set, called at wake-up instead of making the thread runnable (epoll); key says why
	// (POLL* bits or 0 for any).
	void (*notify)(struct waiter *w, uint32_t key);
};
#define WAIT_QUEUE_INIT(q) { LIST_INIT((q).waiters) }
void wait_queue_init(struct wait_queue *q);
void wait_begin(struct wait_queue *q, struct waiter *w);
void wait_end(struct waiter *w);
// Sleeps until some wake-up of the current thread since wait_begin, or until `deadline` (monotonic
// ns, or FOREVER). Gives 0, -ETIMEDOUT, or -EINTR if interruptible and a signal is to be delivered.
int wait_sleep(uint64_t deadline, bool interruptible);
// Wakes all (or at most n) waiters. Safe from any kernel code, including while polling devices.
void wake_all(struct wait_queue *q, uint32_t key);
int wake_some(struct wait_queue *q, int n, uint32_t key);
void thread_wake(struct thread *t);
// The usual loop in one: waits on q until cond is true. Gives 0, -ETIMEDOUT or -EINTR in r.
#define wait_until(q, cond, deadline, r) do { \
	struct waiter w_; \
	(r) = 0; \
	wait_begin((q), &w_); \
	while (!(cond)) { \
		(r) = wait_sleep((deadline), true); \
		if (r) \
			break; \
	} \
	wait_end(&w_); \
} while (0)

// Threads.
void sched_init(void);
struct thread *thread_create(struct process *p); // with kernel stack and FPU area, not yet
						 // runnable; NULL: no memory
void thread_start(struct thread *t); // makes it runnable; it begins by restoring t->frame
void thread_run_now(struct thread *t); // the same, and it runs before the caller goes on
void thread_exit(void) __attribute__((noreturn));
struct thread *thread_find(int tid);
void sched_yield_now(void);
void sched_tick(void);      // from a trap: device poll, timers, maybe asks for preemption
void sched_preempt(void);   // on the way back to the program when percpu.need_resched is set
unsigned sched_runnable(void);
uint64_t process_cpu_ns(struct process *p);

// Time, monotonic ns since boot, and CLOCK_REALTIME's offset; cheap (TSC).
uint64_t time_now(void);
int64_t time_wall_offset(void);
void time_set_wall_offset(int64_t ns);

// A one-shot timer: fn runs in the scheduler (idle loop or tick), with the kernel lock, never in
// the middle of other kernel code.
struct timer {
	struct timer *child, *next, *prev; // pairing heap (sched/timer.c)
	uint64_t deadline;
	void (*fn)(struct timer *t);
	bool armed;
};
void timer_set(struct timer *t, uint64_t deadline, void (*fn)(struct timer *));
void timer_cancel(struct timer *t);

// Sources that the scheduler polls when idle and at ticks: input from the rings. Optional parts
// (network, console) register here.
struct poller {
	struct list link;
	bool (*poll)(void);          // handles what has come; true if there was something
	uint64_t (*deadline)(void); // when it next needs to run although nothing comes, or FOREVER;
				    // may be NULL
	bool (*busy)(void); // the program has ended: is there still something to send that its end
			    // must wait for? may be NULL
};
void poller_register(struct poller *p);
bool sched_poll(void);               // runs all pollers and due timers; true if there was something
bool sched_busy(void);               // asks the pollers' busy()

// One crossing to the host: sends and receives what there is, and sleeps for at most ns unless
// something comes. Every crossing goes through here (core/output.c). Does not poll.
void host_wait(uint64_t ns);

#endif
