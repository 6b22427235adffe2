// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The terminal that the console may be: its foreground group.
#include <asm-generic/errno.h>

#include <core/user.h>
#include <linux/child.h>

#define TIOCSCTTY 0x540e /* include/uapi/asm-generic/ioctls.h */
#define TIOCSPGRP 0x5410
#define TIOCNOTTY 0x5422
#define TIOCGSID 0x5429

void terminal_link(void)
{
}

// For the first process if nobody is in the group.
void terminal_signal(const struct siginfo_lite *info)
{
	bool any = false;

	list_for_each(l, &process_list) {
		struct process *p = list_entry(l, struct process, link);

		if (p->zombie || p->pgid != foreground_group)
			continue;
		signal_process(p, info);
		any = true;
	}
	if (!any)
		signal_process(init_process, info);
}

// The group is one of the caller's session.
static long set_group(const int *user)
{
	int group;

	if (copy_from_user(&group, user, sizeof(group)))
		return -EFAULT;
	if (group < 0)
		return -EINVAL;
	list_for_each(l, &process_list) {
		const struct process *p = list_entry(l, struct process, link);

		if (p->pgid != group)
			continue;
		if (p->sid != current_process()->sid)
			return -EPERM;
		foreground_group = group;
		return 0;
	}
	return -ESRCH;
}

long terminal_ioctl(unsigned long cmd, unsigned long arg)
{
	switch (cmd) {
	case TIOCSPGRP:
		return set_group((const int *)arg);
	case TIOCGSID:
		return copy_to_user((void *)arg, &current_process()->sid, sizeof(int));
	case TIOCSCTTY: // there is one terminal, and everybody has it
	case TIOCNOTTY:
		return 0;
	default:
		return -ENOTTY;
	}
}
