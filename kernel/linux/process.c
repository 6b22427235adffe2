// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The process: its beginning and its end.
#include <linux/resource.h>

#include <core/console.h>
#include <fs/file.h>
#include <fs/vnode.h>
#include <linux/boot.h>
#include <linux/dispatch.h>
#include <linux/missing.h>
#include <mm/mm.h>
#include <platform/platform.h>
#include <sched/thread.h>

#pragma weak volfs_end
#define NOFILE_DEFAULT 1024
#define NOFILE_MAX 1048576
#define STACK_DEFAULT (8ul << 20)
#define MEMLOCK_DEFAULT (8ul << 20)
#define LINGER_NS (2 * NSEC) // how long an ended program's last data may take to leave

static struct process the_process;
struct process *init_process = &the_process;
struct list process_list = LIST_INIT(process_list);

int foreground_group;

// linux/child.c. Does another process go on for the first, which ends so?
__attribute__((weak)) bool process_succeeded(int wait_status);
__attribute__((weak, noreturn)) void process_finish(int wait_status); // linux/child.c

void process_lists_init(struct process *p)
{
	list_init(&p->threads);
	list_init(&p->sig_queue);
	list_init(&p->children);
	list_init(&p->sibling);
	wait_queue_init(&p->signal_wait);
	wait_queue_init(&p->child_wait);
	wait_queue_init(&p->ended);
	list_add_tail(&process_list, &p->link);
}

struct process *process_find(int pid)
{
	list_for_each(l, &process_list) {
		struct process *p = list_entry(l, struct process, link);

		if (p->pid == pid)
			return p;
	}
	return NULL;
}

static struct exec_strings boot_list(const struct boot_block *boot, struct boot_strings list)
{
	struct exec_strings s = { .bytes = (const char *)boot + list.off, .count = list.count };

	for (uint32_t i = 0; i < list.count; i++)
		s.len += strlen(s.bytes + s.len) + 1;
	return s;
}

static void limits_init(struct process *p)
{
	for (int i = 0; i < RLIMIT_COUNT; i++)
		p->limits[i] = (struct rlimit_pair){ RLIM_INFINITY, RLIM_INFINITY };
	p->limits[RLIMIT_NOFILE] = (struct rlimit_pair){ NOFILE_DEFAULT, NOFILE_MAX };
	p->limits[RLIMIT_STACK].cur = STACK_DEFAULT;
	p->limits[RLIMIT_CORE].cur = 0;
	p->limits[RLIMIT_MEMLOCK] = (struct rlimit_pair){ MEMLOCK_DEFAULT, MEMLOCK_DEFAULT };
	p->limits[RLIMIT_NICE] = (struct rlimit_pair){ 0, 0 };
	p->limits[RLIMIT_RTPRIO] = (struct rlimit_pair){ 0, 0 };
	p->limits[RLIMIT_MSGQUEUE] = (struct rlimit_pair){ 819200, 819200 };
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

struct process *process_init(const struct boot_block *boot)
{
	static struct invocation invocation = { .refs = 2 }; // never freed: it is the boot block's
	struct process *p = &the_process;
	struct thread *t;

	process_lists_init(p);
	p->refs = 2; // never freed
	p->ppid = 1;
	p->umask = 022;
	p->uid = p->euid = p->suid = boot->uid;
	if (p->uid)
		p->caps.not_permitted = p->caps.not_effective = CAPS_ALL;
	p->gid = p->egid = p->sgid = boot->gid;
	p->dumpable = true;
	invocation.exe = (char *)(uintptr_t)boot + boot->program;
	invocation.args = boot_list(boot, boot->args);
	invocation.env = boot_list(boot, boot->env);
	p->invocation = &invocation;
	p->hostname = boot->hostname ? (const char *)boot + boot->hostname : "pith";
	p->start_ns = time_now();
	limits_init(p);
	p->mm = mm_create(boot);
	t = p->mm ? thread_create(p) : NULL;
	if (!t)
		kpanic("not enough memory to begin; give more with --memory");
	p->pid = p->pgid = p->sid = foreground_group = t->tid;
	t->state = THREAD_RUNNABLE;
	t->started_at = p->start_ns;
	t->slice_left = SLICE_NS;
	t->slice_end = p->start_ns + SLICE_NS;
	ksnprintf(t->comm, sizeof(t->comm), "%s", base_name(invocation.exe));
	percpu()->current = t;
	percpu()->kstack_top = t->stack_va;
	dispatch_init(boot);
	return p;
}

// What the program has written and sent is on its way when it ends: connections are closed
// properly, as Linux does it behind a process that is gone.
static void linger(void)
{
	uint64_t end = time_now() + LINGER_NS;

	while (sched_busy() && time_now() < end) {
		host_wait(NSEC / 1000);
		sched_poll();
	}
}

static int shell_status(int wait_status)
{
	int sig = wait_status & 0x7f;

	return sig ? 128 + sig : wait_status >> 8 & 0xff;
}

void process_exit(int wait_status)
{
	struct process *p = current_process();
	int status = shell_status(wait_status);

	if (p != init_process || (process_succeeded && process_succeeded(wait_status)))
		process_finish(wait_status);
	p->exiting = true;
	p->exit_status = wait_status;
	if (p->files)
		fd_table_close_all(p->files);
	if (volfs_end)
		volfs_end();
	missing_report();
	linger();
	percpu()->area->exit_status = (uint32_t)status;
	plat->exit(status);
}
