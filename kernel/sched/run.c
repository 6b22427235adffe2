// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Who has the vcpu: a round-robin queue of runnable threads, each of which has 10 ms of it a round.
//
// Who blocks before its turn is used up keeps the rest, and goes in front when it is woken; whoever
// runs then goes on afterwards. With nothing left it goes to the end for a turn of its own. So a
// thread that waits much is served soon, however many compute, and those get their share all the
// same.
//
// A thread is RUNNABLE (in the queue, or the current one), BLOCKED (nobody has it; thread_wake puts
// it into the queue) or DEAD (freed by whoever runs next, because it still stands on its stack
// while it gives the vcpu away). A slice begins when a thread arrives; where another program had to
// leave its addresses first (mm_enter), which can take longer than a slice on slow hosts, it is
// longer, so that most of the time goes to programs. There is no idle thread: the last one that blocks waits on its own
// stack, and if it is the next to run nothing was switched.
#include <core/output.h>
#include <core/user.h>
#include <linux/process.h>
#include <mm/mm.h>
#include <sched/fpu.h>
#include <core/work.h>
#include <sched/idle.h>
#include <sched/run.h>
#include <sched/thread.h>


void thread_switch(uintptr_t *save_sp, uintptr_t new_sp);
void thread_begin(void);

static struct list woken = LIST_INIT(woken); // with some of their turns left: first
static struct list queue = LIST_INIT(queue);
static unsigned runnable; // in both
static struct thread *dead; // to be freed by the next thread

static void enqueue(struct thread *t, struct list *before)
{
	t->state = THREAD_RUNNABLE;
	list_add_tail(before, &t->run);
	runnable++;
}

static bool turn_left(const struct thread *t)
{
	return t->slice_left > SLICE_NS / 64;
}

// A new turn, at the end.
static void enqueue_last(struct thread *t)
{
	t->slice_left = SLICE_NS;
	enqueue(t, &queue);
}

void thread_wake(struct thread *t)
{
	struct thread *now = current();

	if (t->state != THREAD_BLOCKED)
		return;
	if (turn_left(t))
		enqueue(t, &woken);
	else
		enqueue_last(t);
	if (now->state == THREAD_RUNNABLE &&
	    time_now() - now->started_at > WAKE_PREEMPT_NS + now->turn_cost) {
		now->slice_end = 0;
		percpu()->need_resched = 1;
	}
}

unsigned sched_runnable(void)
{
	return runnable;
}

// Nobody gives way to a thread that is new.
void thread_start(struct thread *t)
{
	enqueue_last(t);
}

void thread_run_now(struct thread *t)
{
	t->slice_left = SLICE_NS;
	enqueue(t, woken.next);
	enqueue_last(current());
	schedule();
}

static struct thread *take_next(void)
{
	struct thread *t;

	if (!runnable)
		return NULL;
	t = list_first(list_empty(&woken) ? &queue : &woken, struct thread, run);
	list_del(&t->run);
	runnable--;
	return t;
}

static uint64_t fs_base(void)
{
	uint64_t v;

	__asm__ volatile("rdfsbase %0" : "=r"(v));
	return v;
}

static void reap(void)
{
	if (dead)
		thread_free(dead);
	dead = NULL;
}

static void account(struct thread *t, uint64_t now)
{
	uint64_t ran = now - t->started_at;

	t->cpu_ns += ran;
	t->slice_left -= MIN(ran, t->slice_left);
	t->started_at = now;
}

// On the new thread's stack. Signals and other work may have come for it meanwhile: it looks on its
// way out.
static void arrive(struct thread *t, uint64_t now)
{
	struct percpu *cpu = percpu();

	reap();
	t->started_at = now;
	t->slice_end = now + t->slice_left + TURN_FACTOR * t->turn_cost;
	cpu->need_resched = 1;
}

static void switch_to(struct thread *from, struct thread *to, uint64_t now)
{
	struct percpu *cpu = percpu();

	if (from->state != THREAD_DEAD) {
		from->fs_base = fs_base();
		fpu_save(from->fpu);
	}
	if (mm_enter && to->process->mm) {
		mm_enter(to->process->mm);
		// What this cost is not taken off the thread's turn; who costs much gets longer ones.
		to->turn_cost = time_now() - now;
		now += to->turn_cost;
	}
	cpu->current = to;
	cpu->kstack_top = to->stack_va;
	__asm__ volatile("wrfsbase %0" : : "r"(to->fs_base));
	fpu_restore(to->fpu);
	to->started_at = now;
	thread_switch(&from->ksp, to->ksp);
	arrive(current(), current()->started_at);
}

void thread_begin(void)
{
	struct thread *t = current();

	arrive(t, t->started_at);
	if (t->set_tid)
		(void)user_store32(t->set_tid, (uint32_t)t->tid);
}

void schedule(void)
{
	struct thread *from = current(), *to;
	uint64_t now = time_now();

	account(from, now);
	while (!(to = take_next())) {
		if (sched_poll())
			continue;
		idle_wait();
		from->started_at = time_now(); // nobody ran
		work_idle();
		sched_poll();
		now = time_now();
	}
	if (to == from) {
		from->started_at = now;
		from->slice_left = SLICE_NS;
		from->slice_end = now + SLICE_NS;
		percpu()->need_resched = 1;
		return;
	}
	switch_to(from, to, now);
}

void thread_exit(void)
{
	struct thread *t = current();
	struct process *p = t->process;

	thread_unlink(t);
	t->state = THREAD_DEAD;
	t->process = init_process; // its own may be freed before the next thread runs
	dead = t;
	if (process_thread_ended)
		process_thread_ended(p);
	schedule();
	__builtin_unreachable();
}

void sched_yield_now(void)
{
	sched_poll();
	if (!runnable)
		return;
	enqueue_last(current());
	schedule();
}

void sched_tick(void)
{
	sched_poll();
	percpu()->need_resched = 1;
}

void sched_preempt(void)
{
	struct thread *t = current();

	uint64_t now = time_now();

	if (!runnable || now < t->slice_end)
		return;
	account(t, now);
	if (turn_left(t))
		enqueue(t, queue.next); // it made room for who was woken
	else
		enqueue_last(t);
	schedule();
}

uint64_t process_cpu_ns(struct process *p)
{
	uint64_t sum = p->dead_cpu_ns;

	if (current()->state == THREAD_RUNNABLE) // else a timer asks while nobody runs
		account(current(), time_now());
	list_for_each(l, &p->threads)
		sum += list_entry(l, struct thread, all)->cpu_ns;
	return sum;
}
