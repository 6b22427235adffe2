// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Sending signals: pending sets, queues, and whom to wake.
//
// A bit in `pending` says that the queue has at least one struct sigqueue of that signal, or that
// there was no memory for one. Signals below 32 are pending once at most; real-time signals queue
// up. Nothing is delivered here: see deliver.c.
#include <linux/eventpoll.h>

#include <linux/signal.h>
#include <mm/mm.h>

struct sigqueue {
	struct list link;
	struct siginfo_lite info;
};

enum signal_default signal_default(int signo)
{
	const uint64_t ignore =
	    SIG_BIT(SIGCHLD) | SIG_BIT(SIGCONT) | SIG_BIT(SIGURG) | SIG_BIT(SIGWINCH);
	const uint64_t stop =
	    SIG_BIT(SIGSTOP) | SIG_BIT(SIGTSTP) | SIG_BIT(SIGTTIN) | SIG_BIT(SIGTTOU);
	const uint64_t core = SIG_BIT(SIGQUIT) | SIG_BIT(SIGILL) | SIG_BIT(SIGTRAP) |
			      SIG_BIT(SIGABRT) | SIG_BIT(SIGBUS) | SIG_BIT(SIGFPE) |
			      SIG_BIT(SIGSEGV) | SIG_BIT(SIGXCPU) | SIG_BIT(SIGXFSZ) |
			      SIG_BIT(SIGSYS);
	uint64_t bit = SIG_BIT(signo);

	if (bit & ignore)
		return DEFAULT_IGNORE;
	if (bit & stop)
		return DEFAULT_STOP;
	return bit & core ? DEFAULT_CORE : DEFAULT_TERMINATE;
}

bool signal_ignored(const struct process *p, int signo)
{
	uint64_t handler = p->actions[signo - 1].handler;

	if (handler == (uint64_t)SIG_IGN)
		return true;
	return handler == (uint64_t)SIG_DFL && signal_default(signo) == DEFAULT_IGNORE;
}

uint64_t signal_pending_set(const struct thread *t)
{
	return t->sig.pending | t->process->sig_pending;
}

bool signal_pending(struct thread *t)
{
	return signal_pending_set(t) & (~t->sig.mask | t->sig.waiting);
}

// Root may, and whoever has the same user (kill(2)); SIGCONT within the session.
bool signal_permitted(const struct process *p, int signo)
{
	const struct process *me = current_process();

	return !me->euid || me->euid == p->uid || me->euid == p->suid || me->uid == p->uid ||
	       me->uid == p->suid || (signo == SIGCONT && me->sid == p->sid);
}

// A thread that may take the signal now looks at once: it is woken, or, if it is the one that runs,
// told.
static void notice(struct thread *t)
{
	if (t == current())
		percpu()->need_resched = 1;
	if (t->interruptible)
		thread_wake(t);
}

static void enqueue(uint64_t *pending, struct list *queue, const struct siginfo_lite *info)
{
	struct sigqueue *q;

	if (info->signo < SIG_FIRST_RT && (*pending & SIG_BIT(info->signo)))
		return;
	*pending |= SIG_BIT(info->signo);
	q = kmalloc(sizeof(*q));
	if (!q)
		return;
	q->info = *info;
	list_add_tail(queue, &q->link);
}

static bool merge(struct list *queue, int timerid, uint64_t times)
{
	list_for_each(l, queue) {
		struct siginfo_lite *info = &list_entry(l, struct sigqueue, link)->info;

		if (info->code == SI_TIMER && info->timerid == timerid) {
			info->overrun += (int32_t)times;
			return true;
		}
	}
	return false;
}

bool signal_merge_timer(struct process *p, struct thread *t, int timerid, uint64_t times)
{
	return merge(t ? &t->sig.queue : &p->sig_queue, timerid, times);
}

static bool takes(const struct thread *t, int signo)
{
	return SIG_BIT(signo) & (~t->sig.mask | t->sig.waiting);
}

void signal_thread(struct thread *t, const struct siginfo_lite *info)
{
	if (!(t->sig.mask & SIG_BIT(info->signo)) && !(t->sig.waiting & SIG_BIT(info->signo)) &&
	    signal_ignored(t->process, info->signo))
		return;
	enqueue(&t->sig.pending, &t->sig.queue, info);
	if (takes(t, info->signo))
		notice(t);
	wake_all(&t->process->signal_wait, EPOLLIN);
}

// The first thread is preferred, then whoever does not block it.
void signal_process(struct process *p, const struct siginfo_lite *info)
{
	struct thread *target = NULL;

	list_for_each(l, &p->threads) {
		struct thread *t = list_entry(l, struct thread, all);

		if (takes(t, info->signo)) {
			target = t;
			break;
		}
	}
	if (target && !(target->sig.waiting & SIG_BIT(info->signo)) &&
	    signal_ignored(p, info->signo))
		return;
	enqueue(&p->sig_pending, &p->sig_queue, info);
	if (target)
		notice(target);
	wake_all(&p->signal_wait, EPOLLIN);
}

// A fault cannot wait: if the signal is blocked or ignored, it ends the program.
void signal_force(struct thread *t, const struct siginfo_lite *info)
{
	struct signal_action *sa = &t->process->actions[info->signo - 1];
	uint64_t bit = SIG_BIT(info->signo);

	if ((t->sig.mask & bit) || sa->handler == (uint64_t)SIG_IGN)
		sa->handler = (uint64_t)SIG_DFL;
	t->sig.mask &= ~bit;
	enqueue(&t->sig.pending, &t->sig.queue, info);
	notice(t);
}

static struct sigqueue *find(struct list *queue, int signo, bool *more)
{
	struct sigqueue *first = NULL;

	*more = false;
	list_for_each(l, queue) {
		struct sigqueue *q = list_entry(l, struct sigqueue, link);

		if (q->info.signo != signo)
			continue;
		*more = first != NULL;
		if (first)
			break;
		first = q;
	}
	return first;
}

static void take_from(uint64_t *pending, struct list *queue, int signo, struct siginfo_lite *info)
{
	bool more;
	struct sigqueue *q = find(queue, signo, &more);

	if (!more)
		*pending &= ~SIG_BIT(signo);
	*info = q ? q->info : (struct siginfo_lite){ .signo = signo, .code = SI_USER };
	if (q) {
		list_del(&q->link);
		kfree(q);
	}
}

// Faults first, then the lowest number, as Linux does it.
static int choose(uint64_t set)
{
	const uint64_t faults = SIG_BIT(SIGSEGV) | SIG_BIT(SIGBUS) | SIG_BIT(SIGILL) |
				SIG_BIT(SIGTRAP) | SIG_BIT(SIGFPE) | SIG_BIT(SIGSYS);

	if (set & faults)
		set &= faults;
	return __builtin_ctzll(set) + 1;
}

int signal_take(struct thread *t, uint64_t set, struct siginfo_lite *info)
{
	struct process *p = t->process;
	int signo;

	if (t->sig.pending & set) {
		signo = choose(t->sig.pending & set);
		take_from(&t->sig.pending, &t->sig.queue, signo, info);
		return signo;
	}
	if (!(p->sig_pending & set))
		return 0;
	signo = choose(p->sig_pending & set);
	take_from(&p->sig_pending, &p->sig_queue, signo, info);
	return signo;
}

static void flush_from(uint64_t *pending, struct list *queue, int signo)
{
	struct siginfo_lite unused;

	while (*pending & SIG_BIT(signo))
		take_from(pending, queue, signo, &unused);
}

void signal_flush(struct process *p, int signo)
{
	flush_from(&p->sig_pending, &p->sig_queue, signo);
	list_for_each(l, &p->threads) {
		struct thread *t = list_entry(l, struct thread, all);

		flush_from(&t->sig.pending, &t->sig.queue, signo);
	}
}

void signal_set_mask(struct thread *t, uint64_t mask)
{
	t->sig.mask = mask & ~SIG_UNBLOCKABLE;
	if (signal_pending(t))
		notice(t);
}

void signal_mask_temporarily(uint64_t mask)
{
	struct thread *t = current();

	t->sig.saved_mask = t->sig.mask;
	t->sig.restore_mask = true;
	percpu()->need_resched = 1;
	signal_set_mask(t, mask);
}

void signal_from_host(uint64_t bits)
{
	const uint64_t typed = SIG_BIT(SIGINT) | SIG_BIT(SIGQUIT) | SIG_BIT(SIGWINCH);

	for (int signo = 1; signo < NSIG_; signo++) {
		struct siginfo_lite info = { .signo = signo, .code = SI_KERNEL };

		if (!(bits & 1ull << signo))
			continue;
		if (SIG_BIT(signo) & typed && terminal_signal)
			terminal_signal(&info);
		else
			signal_process(init_process, &info);
	}
}
