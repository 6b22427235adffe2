// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Threads: a struct with its vector state behind it in one allocation, and a kernel stack.
#include <linux/process.h>
#include <mm/mm.h>
#include <sched/fpu.h>
#include <sched/thread.h>

#define FRAME_ROOM (sizeof(struct trap_frame) + 8) /* as ROOM in core/entry.S */
#define TID_FIRST 2
#define TID_MAX 0x3fffffff

void thread_first(void); // core/entry.S
static int last_tid = TID_FIRST - 1;

void sched_init(void)
{
	last_tid = TID_FIRST - 1;
}

struct thread *thread_find(int tid)
{
	list_for_each(pl, &process_list) {
		list_for_each(l, &list_entry(pl, struct process, link)->threads) {
			struct thread *t = list_entry(l, struct thread, all);

			if (t->tid == tid)
				return t;
		}
	}
	return NULL;
}

int tid_next(void)
{
	do {
		last_tid = last_tid < TID_MAX ? last_tid + 1 : TID_FIRST;
	} while (thread_find(last_tid) ||
		 (process_id_in_use && process_id_in_use(last_tid)));
	return last_tid;
}

// What thread_switch() takes off a stack: six registers and a return address.
static uintptr_t first_stack(struct trap_frame *frame)
{
	uint64_t *sp = (uint64_t *)frame;

	*--sp = (uintptr_t)thread_first;
	for (int i = 0; i < 6; i++)
		*--sp = 0;
	return (uintptr_t)sp;
}

struct thread *thread_create(struct process *p)
{
	struct thread *t = kzalloc(sizeof(*t) + FPU_ALIGN - 1 + fpu_size());

	if (!t)
		return NULL;
	t->stack_len = KSTACK_LEN;
	t->stack_va = kstack_alloc(t->stack_len);
	if (!t->stack_va) {
		kfree(t);
		return NULL;
	}
	t->process = p;
	t->state = THREAD_BLOCKED;
	t->tid = tid_next();
	t->fpu = (void *)ALIGN_UP((uintptr_t)(t + 1), FPU_ALIGN);
	fpu_area_init(t->fpu);
	t->frame = (struct trap_frame *)(t->stack_va - FRAME_ROOM);
	t->ksp = first_stack(t->frame);
	list_init(&t->run);
	list_init(&t->sig.queue);
	list_add_tail(&p->threads, &t->all);
	p->thread_count++;
	percpu()->area->threads++;
	return t;
}

void thread_unlink(struct thread *t)
{
	list_del(&t->all);
	t->process->thread_count--;
	percpu()->area->threads--;
	t->process->dead_cpu_ns += t->cpu_ns;
}

void thread_free(struct thread *t)
{
	kstack_free(t->stack_va, t->stack_len);
	kfree(t);
}
