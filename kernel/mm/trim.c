// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// An instance that has become quiet gives back what it has freed: a poller that has nothing to poll,
// but a time at which it wants the vcpu.
#include <mm/mm.h>
#include <sched/sched.h>

static bool trim_poll(void)
{
	frame_trim_idle();
	return false;
}

static struct poller poller = { .poll = trim_poll, .deadline = frame_trim_time };

void trim_init(void)
{
	poller_register(&poller);
}
