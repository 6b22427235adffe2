// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Waiting for children: wait4(2), waitid(2).
#include <asm-generic/errno.h>
#include <linux/resource.h>
#include <linux/wait.h>

#include <core/user.h>
#include <linux/child.h>
#include <linux/signal.h>
#include <linux/syscall.h>

#define WAIT4_OPTIONS (WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL)
#define WAITID_OPTIONS (WAIT4_OPTIONS | WEXITED | WNOWAIT)

// Whoever can wait for children can make them.
void *const wait_needs[] __attribute__((used)) = { (void *)process_clone };

struct wanted {
	int which, id;    // P_ALL, P_PID, P_PGID
	unsigned options;
};

static bool matches(const struct wanted *w, const struct process *p)
{
	bool clone_child = p->exit_signal != SIGCHLD;

	if (!(w->options & __WALL) && clone_child != !!(w->options & __WCLONE))
		return false;
	return w->which == P_ALL || (w->which == P_PID && p->pid == w->id) ||
	       (w->which == P_PGID && p->pgid == w->id);
}

// A child that has ended; *any: is there one at all that could?
static struct process *find(const struct wanted *w, bool *any)
{
	*any = false;
	list_for_each(l, &current_process()->children) {
		struct process *p = list_entry(l, struct process, sibling);

		if (!matches(w, p))
			continue;
		*any = true;
		if (p->zombie && (w->options & WEXITED))
			return p;
	}
	return NULL;
}

// Gives 0 and the child, or NULL with WNOHANG; or -ECHILD, -ERESTARTSYS.
static long wait_for(const struct wanted *w, struct process **out)
{
	bool any;
	int r = 0;

	*out = find(w, &any);
	if (!*out && any && !(w->options & WNOHANG))
		wait_until(&current_process()->child_wait, (*out = find(w, &any)) || !any, FOREVER,
			   r);
	if (r)
		return -ERESTARTSYS;
	return any ? 0 : -ECHILD;
}

static int usage_to_user(void *user, const struct process *p)
{
	uint64_t ns = p->dead_cpu_ns + p->child_cpu_ns;
	struct rusage u = { 0 };

	u.ru_utime.tv_sec = (long)(ns / NSEC);
	u.ru_utime.tv_usec = (long)(ns % NSEC / 1000);
	return copy_to_user(user, &u, sizeof(u));
}

static void taken(const struct wanted *w, struct process *p)
{
	if (!(w->options & WNOWAIT))
		process_reap(p);
}

long sys_wait4(int pid, int *status, unsigned options, void *usage)
{
	struct wanted w = { .which = pid > 0 ? P_PID : pid == -1 ? P_ALL : P_PGID,
			    .options = options | WEXITED };
	struct process *p;
	long r;

	if (options & ~(unsigned)WAIT4_OPTIONS)
		return -EINVAL;
	if (pid == INT32_MIN)
		return -ESRCH;
	w.id = pid > 0 ? pid : pid ? -pid : current_process()->pgid;
	r = wait_for(&w, &p);
	if (r || !p)
		return r;
	r = p->pid;
	if (status && copy_to_user(status, &p->exit_status, sizeof(*status)))
		r = -EFAULT;
	if (usage && usage_to_user(usage, p))
		r = -EFAULT;
	taken(&w, p);
	return r;
}

// P_PIDFD names a child by its descriptor.
static long check_id(struct wanted *w)
{
	struct process *p;

	switch (w->which) {
	case P_ALL:
		return 0;
	case P_PID:
		return w->id > 0 ? 0 : -EINVAL;
	case P_PGID:
		if (!w->id)
			w->id = current_process()->pgid;
		return w->id > 0 ? 0 : -EINVAL;
	case P_PIDFD:
		p = w->id >= 0 ? pidfd_process(w->id) : NULL;
		if (!p)
			return w->id < 0 ? -EINVAL : -EBADF;
		w->which = P_PID;
		w->id = p->pid;
		process_put(p);
		return 0;
	default:
		return -EINVAL;
	}
}

static int info_to_user(struct siginfo_user *user, const struct process *p)
{
	struct siginfo_lite info = { 0 };
	struct siginfo_user u;

	if (p)
		child_info(&info, p);
	siginfo_to_user(&u, &info);
	// The kernel writes these fields and leaves the rest alone.
	return copy_to_user(user, &u, offsetof(struct siginfo_user, fields) + 12);
}

long sys_waitid(int which, int id, struct siginfo_user *info, unsigned options, void *usage)
{
	struct wanted w = { .which = which, .id = id, .options = options };
	struct process *p;
	long r;

	if (options & ~(unsigned)WAITID_OPTIONS ||
	    !(options & (WEXITED | WUNTRACED | WCONTINUED)))
		return -EINVAL;
	r = check_id(&w);
	if (!r)
		r = wait_for(&w, &p);
	if (r)
		return r;
	if ((info && info_to_user(info, p)) || (usage && p && usage_to_user(usage, p)))
		r = -EFAULT;
	if (p)
		taken(&w, p);
	return r;
}
