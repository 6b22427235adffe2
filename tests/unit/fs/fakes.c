// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See fakes.h.
#include <asm/prctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fs/fakes.h"
#include <asm-generic/errno.h>
#include <fs/file.h>
#include <linux/process.h>
#include <mm/mm.h>

long fake_allocations, fake_frames, fake_fail_after = -1;
uint64_t fake_available = 1 << 20;
int (*fake_sleep)(void);
unsigned fake_signal;

static struct vcpu_area area;
static struct percpu cpu = { .area = &area };
static struct thread thread;
static struct process process;

void fakes_begin(void)
{
	cpu.self = &cpu;
	cpu.current = &thread;
	thread.process = &process;
	process.pid = thread.tid = 2;
	process.umask = 022;
	process.limits[7] = (struct rlimit_pair){ 64, 4096 };
	process.files = fd_table_create();
	fake_fail_after = -1;
	if (syscall(SYS_arch_prctl, ARCH_SET_GS, &cpu))
		abort();
}

static bool fails(void)
{
	if (fake_fail_after < 0)
		return false;
	if (!fake_fail_after)
		return true;
	fake_fail_after--;
	return false;
}

void *kmalloc(size_t n)
{
	if (fails())
		return NULL;
	fake_allocations++;
	return malloc(n ? n : 1);
}

void *kzalloc(size_t n)
{
	void *p = kmalloc(n);

	return p ? memset(p, 0, n) : NULL;
}

void *krealloc(void *p, size_t n)
{
	if (fails())
		return NULL;
	fake_allocations += !p;
	return realloc(p, n);
}

void kfree(void *p)
{
	fake_allocations -= p != NULL;
	free(p);
}

// A frame is a heap page with its count behind it; its pa is its address.
struct frame {
	uint8_t page[PAGE_SIZE];
	unsigned refs;
};

paddr_t frame_alloc(unsigned order, bool zeroed)
{
	struct frame *f = fails() ? NULL : aligned_alloc(PAGE_SIZE, 2 * PAGE_SIZE);

	if (!f)
		return 0;
	memset(f->page, zeroed ? 0 : 0xa5, PAGE_SIZE);
	f->refs = 1;
	fake_frames++;
	return (uintptr_t)f;
}

bool pa_is_ram(paddr_t pa) { return true; }
void *page_va(paddr_t pa) { return (void *)(uintptr_t)pa; }
paddr_t page_pa(const void *va) { return (uintptr_t)va; }
void frame_get(paddr_t pa) { ((struct frame *)pa)->refs++; }
uint64_t frame_total(void) { return 1 << 20; }
uint64_t frame_available(void) { return fake_available; }

void frame_put(paddr_t pa)
{
	struct frame *f = (struct frame *)pa;

	if (--f->refs)
		return;
	fake_frames--;
	free(f);
}

void mm_vnode_truncated(struct vnode *v, uint64_t from) { }

int copy_from_user(void *dst, const void *user, size_t n)
{
	if ((uintptr_t)user < PAGE_SIZE)
		return -EFAULT;
	memcpy(dst, user, n);
	return 0;
}

int copy_to_user(void *user, const void *src, size_t n)
{
	if ((uintptr_t)user < PAGE_SIZE)
		return -EFAULT;
	memcpy(user, src, n);
	return 0;
}

int zero_user(void *user, size_t n)
{
	if ((uintptr_t)user < PAGE_SIZE)
		return -EFAULT;
	memset(user, 0, n);
	return 0;
}

void wait_queue_init(struct wait_queue *q) { list_init(&q->waiters); }
void wait_end(struct waiter *w) { list_del(&w->link); }
uint64_t time_now(void) { return 1000; }
int64_t time_wall_offset(void) { return 1000000000ll * 1000000000; }
void signal_thread(struct thread *t, const struct siginfo_lite *info)
{
	fake_signal = (unsigned)info->signo;
}

void wait_begin(struct wait_queue *q, struct waiter *w)
{
	*w = (struct waiter){ .thread = &thread };
	list_add_tail(&q->waiters, &w->link);
}

int wait_sleep(uint64_t deadline, bool interruptible)
{
	if (!fake_sleep) {
		fprintf(stderr, "a wait that nobody ends\n");
		abort();
	}
	return fake_sleep();
}

int wake_some(struct wait_queue *q, int n, uint32_t key) { return 0; }
void wake_all(struct wait_queue *q, uint32_t key) { }

void kassert_failed(const char *expr, const char *file, int line)
{
	fprintf(stderr, "%s:%d: %s\n", file, line, expr);
	abort();
}

bool user_range_ok(const void *p, size_t n) { return (uintptr_t)p >= PAGE_SIZE; }
