// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// tick.h. State: off -> on (tick_arm), on -> off (tick_disarm, tick_close).
#include <monitor/kvm/tick.h>

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

#define TICK_SIGNAL SIGALRM
#define TICK_NS 10000000

static struct kvm_run *volatile tick_run;
static volatile sig_atomic_t tick_fired;
static timer_t tick_timer;
static bool tick_on;

static void tick_handler(int signo)
{
	struct kvm_run *run = tick_run;

	tick_fired = 1;
	if (run)
		__atomic_store_n(&run->immediate_exit, 1, __ATOMIC_RELAXED);
}

static void tick_set(long ns)
{
	struct itimerspec its = { { 0, ns }, { 0, ns } };

	timer_settime(tick_timer, 0, &its, NULL);
	tick_on = ns != 0;
}

int tick_open(struct kvm_run *run)
{
	struct sigaction sa = { .sa_handler = tick_handler };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = TICK_SIGNAL };

	tick_fired = 0;
	tick_on = false;
	if (sigaction(TICK_SIGNAL, &sa, NULL) || timer_create(CLOCK_MONOTONIC, &ev, &tick_timer))
		return -errno;
	tick_run = run;
	return 0;
}

void tick_close(void)
{
	if (!tick_run)
		return;
	timer_delete(tick_timer);
	signal(TICK_SIGNAL, SIG_IGN);
	tick_run = NULL;
	tick_on = false;
}

void tick_arm(void)
{
	if (!tick_on)
		tick_set(TICK_NS);
}

void tick_disarm(void)
{
	if (tick_on)
		tick_set(0);
}

bool tick_taken(void)
{
	if (!tick_fired)
		return false;
	tick_fired = 0;
	return true;
}
