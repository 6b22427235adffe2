// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Signals to the monitor are signals to the program.
#include <errno.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <monitor/clock.h>
#include <monitor/monitor.h>

#define IMPATIENCE_NS 1000000000ull

static const int forwarded[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGUSR1, SIGUSR2 };

bool signals_forwarded(int signo)
{
	for (unsigned i = 0; i < sizeof(forwarded) / sizeof(forwarded[0]); i++)
		if (forwarded[i] == signo)
			return true;
	return false;
}

int signals_open(bool sigchld)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	for (unsigned i = 0; i < sizeof(forwarded) / sizeof(forwarded[0]); i++)
		sigaddset(&set, forwarded[i]);
	if (sigchld)
		sigaddset(&set, SIGCHLD);
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -errno;
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

void signals_window_size(struct monitor *m)
{
	struct winsize size;

	for (int fd = 0; fd < 3; fd++) {
		if (ioctl(fd, TIOCGWINSZ, &size))
			continue;
		m->loaded.area->tty_rows = size.ws_row;
		m->loaded.area->tty_cols = size.ws_col;
		return;
	}
}

bool signals_forward(struct monitor *m, int signo)
{
	struct vcpu_area *area = m->loaded.area;
	uint64_t now;

	if (signo == SIGWINCH)
		signals_window_size(m);
	__atomic_fetch_or(&area->host_signals, 1ull << signo, __ATOMIC_RELEASE);
	__atomic_fetch_or(&area->events, EVENT_SIGNALS, __ATOMIC_SEQ_CST);
	if (signo != SIGINT)
		return false;
	now = clock_host_ns();
	if (m->last_sigint_ns && now - m->last_sigint_ns < IMPATIENCE_NS)
		return true;
	m->last_sigint_ns = now;
	return false;
}
