// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Sending signals by system call: kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo.
#include <asm-generic/errno.h>

#include <core/user.h>
#include <linux/signal.h>
#include <linux/syscall.h>

static struct siginfo_lite from_me(int signo, int code)
{
	struct process *p = current_process();

	return (struct siginfo_lite){
		.signo = signo, .code = code, .pid = p->pid, .uid = (int32_t)p->uid
	};
}

static bool number_ok(int signo)
{
	return signo >= 0 && signo <= NSIG_;
}

// Does kill's pid mean p? -1 is everybody but the caller and the first.
static bool meant(int pid, const struct process *p)
{
	const struct process *me = current_process();

	if (pid > 0)
		return p->pid == pid;
	if (pid == -1)
		return p != me && p != init_process;
	return p->pgid == (pid ? -pid : me->pgid);
}

static long send(int pid, const struct siginfo_lite *info)
{
	unsigned found = 0, sent = 0;

	if (!number_ok(info->signo))
		return -EINVAL;
	list_for_each(l, &process_list) {
		struct process *p = list_entry(l, struct process, link);

		if (!meant(pid, p))
			continue;
		found++;
		if (!signal_permitted(p, info->signo))
			continue;
		sent++;
		if (info->signo && !p->zombie)
			signal_process(p, info);
	}
	return sent ? 0 : found ? -EPERM : -ESRCH;
}

long sys_kill(int pid, int signo)
{
	struct siginfo_lite info = from_me(signo, SI_USER);

	return send(pid, &info);
}

static long send_thread(int tgid, int tid, const struct siginfo_lite *info)
{
	struct thread *t;

	if (!number_ok(info->signo) || tid <= 0)
		return -EINVAL;
	t = thread_find(tid);
	if (!t || (tgid && tgid != t->process->pid))
		return -ESRCH;
	if (!signal_permitted(t->process, info->signo))
		return -EPERM;
	if (info->signo)
		signal_thread(t, info);
	return 0;
}

long sys_tkill(int tid, int signo)
{
	struct siginfo_lite info = from_me(signo, SI_TKILL);

	return send_thread(0, tid, &info);
}

long sys_tgkill(int tgid, int tid, int signo)
{
	struct siginfo_lite info = from_me(signo, SI_TKILL);

	return tgid <= 0 ? -EINVAL : send_thread(tgid, tid, &info);
}

static long queue_info(int signo, const struct siginfo_user *user, struct siginfo_lite *info)
{
	struct siginfo_user u;

	if (copy_from_user(&u, user, sizeof(u)))
		return -EFAULT;
	siginfo_from_user(info, &u);
	info->signo = signo;
	return number_ok(signo) ? 0 : -EINVAL;
}

long sys_rt_sigqueueinfo(int pid, int signo, const struct siginfo_user *user)
{
	struct siginfo_lite info;
	long r = queue_info(signo, user, &info);

	if (r)
		return r;
	return pid > 0 ? send(pid, &info) : -ESRCH;
}

long sys_rt_tgsigqueueinfo(int tgid, int tid, int signo, const struct siginfo_user *user)
{
	struct siginfo_lite info;
	long r = queue_info(signo, user, &info);

	if (r)
		return r;
	return tgid <= 0 ? -EINVAL : send_thread(tgid, tid, &info);
}
