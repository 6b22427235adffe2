// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// siginfo_t as the program sees it. Layout: include/uapi/asm-generic/siginfo.h; which member of the
// union counts depends on the sender.
#include <linux/signal.h>

_Static_assert(sizeof(struct siginfo_user) == 128, "siginfo_t");

enum layout { LAYOUT_KILL, LAYOUT_TIMER, LAYOUT_FAULT, LAYOUT_POLL };

static enum layout layout_of(const struct siginfo_lite *info)
{
	bool fault = info->signo == SIGSEGV || info->signo == SIGBUS || info->signo == SIGFPE ||
		     info->signo == SIGILL || info->signo == SIGTRAP;

	if (info->code == SI_TIMER)
		return LAYOUT_TIMER;
	if (info->code > 0 && fault)
		return LAYOUT_FAULT;
	return info->code > 0 && info->signo == SIGIO ? LAYOUT_POLL : LAYOUT_KILL;
}

void siginfo_to_user(struct siginfo_user *u, const struct siginfo_lite *info)
{
	uint32_t pair[2] = { (uint32_t)info->pid, (uint32_t)info->uid };

	memset(u, 0, sizeof(*u));
	u->signo = info->signo;
	u->err = info->err;
	u->code = info->code;
	switch (layout_of(info)) {
	case LAYOUT_FAULT:
	case LAYOUT_POLL:
		memcpy(u->fields, &info->addr, 8);
		break;
	case LAYOUT_TIMER:
		pair[0] = (uint32_t)info->timerid;
		pair[1] = (uint32_t)info->overrun;
		// fall through
	default:
		memcpy(u->fields, pair, 8);
		memcpy(u->fields + 8, &info->addr, 8);
	}
}

void siginfo_from_user(struct siginfo_lite *info, const struct siginfo_user *u)
{
	*info = (struct siginfo_lite){ .signo = u->signo, .err = u->err, .code = u->code };
	memcpy(&info->pid, u->fields, 4);
	memcpy(&info->uid, u->fields + 4, 4);
	memcpy(&info->addr, u->fields + 8, 8);
}
