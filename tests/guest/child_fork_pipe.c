// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Two processes in turns over pipes, each with its own memory; the end of one is an end of file.
#include "child.h"

int main(void)
{
	int to[2], from[2], sum = 0;
	NEED(pipe(to) == 0 && pipe(from) == 0);
	pid_t pid = fork();
	if (!pid) {
		char c;
		close(to[1]);
		while (read(to[0], &c, 1) == 1) {
			sum += c;
			t_put(from[1], (char)sum);
		}
		say("child's sum %d", sum);
		exit(sum);
	}
	close(to[0]);
	close(from[1]);
	for (int i = 1; i <= 5; i++) {
		t_put(to[1], (char)i);
		say("%d: %d, own sum %d", i, t_get(from[0]), sum);
		sum = 100 * i;
	}
	close(to[1]);
	char c;
	SHOW(read(from[0], &c, 1));
	t_reap("child", pid);
	return 0;
}
