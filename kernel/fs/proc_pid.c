// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Contents of /proc/PID and /proc/PID/task/TID, in Linux's formats (proc(5)).
#include <fs/procfs.h>
#include <linux/process.h>
#include <mm/mm.h>

#define NAME_COLUMN 73 /* in /proc/PID/maps */
#define TICK ((uint64_t)NSEC / 100) /* USER_HZ */

static void maps_text(struct text *t, struct process *p)
{
	const struct region *r;
	struct kstat st;

	for (uintptr_t at = 0; (r = mm_region_at_or_above(p->mm, at)); at = r->end) {
		const char *name = r->name ? r->name : r->vnode && r->vnode->path ? r->vnode->path : "";

		size_t line = t->len;

		memset(&st, 0, sizeof(st));
		if (r->vnode)
			vnode_stat(r->vnode, &st);
		text_add(t, "%08lx-%08lx %c%c%c%c %08lx 00:%02x %lu", r->start, r->end,
			 r->prot & PROT_R ? 'r' : '-', r->prot & PROT_W ? 'w' : '-',
			 r->prot & PROT_X ? 'x' : '-', r->flags & REGION_SHARED ? 's' : 'p', r->off,
			 (unsigned)st.dev, st.ino);
		while (*name && t->len - line < NAME_COLUMN)
			text_add(t, " ");
		text_add(t, "%s%s\n", name, r->vnode && !st.nlink ? " (deleted)" : "");
	}
}

static char state_of(const struct process *p, const struct thread *t)
{
	return p->zombie ? 'Z' : t->state == THREAD_BLOCKED ? 'S' : 'R';
}

static void stat_text(struct text *t, struct process *p, const struct thread *th,
		      const struct mm_usage *u)
{
	text_add(t,
		 "%d (%s) %c %d %d %d 0 -1 4194304 0 0 0 0 %lu 0 0 0 %d %d %u 0 %lu %lu %lu "
		 "18446744073709551615",
		 th->tid, th->comm, state_of(p, th), p->ppid, p->pgid, p->sid,
		 process_cpu_ns(p) / TICK, 20 + th->kept.nice, th->kept.nice,
		 p->thread_count, p->start_ns / TICK, u->mapped,
		 u->resident / PAGE_SIZE);
	text_add(t, " 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n");
}

static void status_text(struct text *t, struct process *p, const struct thread *th,
			const struct mm_usage *u)
{
	text_add(t,
		 "Name:\t%s\nUmask:\t%04x\nState:\t%c\nTgid:\t%d\nPid:\t%d\nPPid:\t%d\nTracerPid:"
		 "\t0\n",
		 th->comm, (p->umask >> 6 & 7) << 8 | (p->umask >> 3 & 7) << 4 | (p->umask & 7),
		 state_of(p, th), p->pid, th->tid, p->ppid);
	text_add(t, "Uid:\t%u\t%u\t%u\t%u\nGid:\t%u\t%u\t%u\t%u\nFDSize:\t%u\nGroups:\t\n", p->uid,
		 p->euid, p->suid, p->euid, p->gid, p->egid, p->sgid, p->egid, 64);
	text_add(t,
		 "VmPeak:\t%8lu kB\nVmSize:\t%8lu kB\nVmLck:\t%8lu kB\nVmHWM:\t%8lu "
		 "kB\nVmRSS:\t%8lu kB\n",
		 u->mapped >> 10, u->mapped >> 10, u->locked >> 10, u->resident >> 10,
		 u->resident >> 10);
	text_add(t,
		 "VmData:\t%8lu kB\nVmStk:\t%8lu kB\nVmExe:\t%8lu kB\nVmSwap:\t       0 "
		 "kB\nThreads:\t%u\n",
		 u->data >> 10, u->stack >> 10, u->text >> 10, p->thread_count);
	text_add(t, "SigPnd:\t%016lx\nShdPnd:\t%016lx\nSigBlk:\t%016lx\n", th->sig.pending,
		 p->sig_pending, th->sig.mask);
	if (proc_more_status)
		proc_more_status(t, p);
	text_add(t, "NoNewPrivs:\t%d\nSeccomp:\t0\nCpus_allowed:\t1\nCpus_allowed_list:\t0\n",
		 p->no_new_privs);
}

// The thread of p that is meant: itself, or its first; of a zombie what is left of one.
static const struct thread *thread_of(const struct process *p, int tid)
{
	const struct thread *t = thread_find(tid);
	static struct thread gone;

	if (t && t->process == p)
		return t;
	if (!list_empty(&p->threads))
		return list_first(&p->threads, struct thread, all);
	gone.tid = p->pid;
	memcpy(gone.comm, p->comm, sizeof(gone.comm));
	return &gone;
}

bool proc_pid_text(struct text *t, char letter, struct process *p, int tid)
{
	struct mm_usage u = { 0 };
	const struct thread *th = thread_of(p, tid);

	if (p->mm)
		mm_usage(p->mm, &u);
	else if (letter == 'm' || letter == 'c' || letter == 'e')
		return true;
	switch (letter) {
	case 'c': text_bytes(t, p->invocation->args.bytes, p->invocation->args.len); return true;
	case 'e': text_bytes(t, p->invocation->env.bytes, p->invocation->env.len); return true;
	case 'n': text_add(t, "%s\n", th->comm); return true;
	case 'm': maps_text(t, p); return true;
	case 't': stat_text(t, p, th, &u); return true;
	case 'u': status_text(t, p, th, &u); return true;
	case '2': text_add(t, "%d\n", p->oom_score_adj); return true;
	case 'M':
		text_add(t, "%lu %lu %lu %lu 0 %lu 0\n", u.mapped / PAGE_SIZE,
			 u.resident / PAGE_SIZE, u.shared / PAGE_SIZE, u.text / PAGE_SIZE,
			 (u.data + u.stack) / PAGE_SIZE);
		return true;
	default:
		return false;
	}
}
