// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A timer signal each second; its handler writes the name of the step, so the steps themselves know
// nothing of it.
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include <image/progress.h>

static const char *volatile doing;

static void tell(int sig)
{
	static const char prefix[] = "pith build: ";
	const char *what = doing;
	ssize_t n;

	if (!what)
		return;
	// What cannot be written is not missed.
	n = write(STDERR_FILENO, prefix, sizeof(prefix) - 1);
	n += write(STDERR_FILENO, what, strlen(what));
	n += write(STDERR_FILENO, " ...\n", 5);
	(void)n;
}

void progress(const char *what)
{
	const struct itimerval second = { { 1, 0 }, { 1, 0 } }, never = { { 0, 0 }, { 0, 0 } };
	struct sigaction act = { .sa_handler = tell, .sa_flags = SA_RESTART };

	doing = what;
	if (!isatty(STDERR_FILENO))
		return;
	sigaction(SIGALRM, &act, NULL);
	setitimer(ITIMER_REAL, what ? &second : &never, NULL);
}
