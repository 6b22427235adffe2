// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <stddef.h>

#include <image/interrupt.h>

void build_signals(sigset_t *set)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

	sigemptyset(set);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct sigaction was;

		if (!sigaction(numbers[i], NULL, &was) && was.sa_handler != SIG_IGN) // nohup
			sigaddset(set, numbers[i]);
	}
}

bool build_interrupted(void)
{
	sigset_t pending, ours, both;

	build_signals(&ours);
	return !sigpending(&pending) && !sigandset(&both, &pending, &ours) && !sigisemptyset(&both);
}
