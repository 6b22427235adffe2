// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Ten megabytes from one thread to another, every byte checked.
//
// NET: yes
#include "tnet.h"

enum { TOTAL = 10 << 20 };

static uint32_t next(uint32_t *state) { return *state = *state * 1664525 + 1013904223; }

static void *sender(void *arg)
{
	static uint32_t block[16384];
	uint32_t state = 1;
	for (size_t sent = 0; sent < TOTAL; sent += sizeof block) {
		for (size_t i = 0; i < sizeof block / 4; i++)
			block[i] = next(&state);
		write_all(*(int *)arg, block, sizeof block);
	}
	shutdown(*(int *)arg, SHUT_WR);
	return NULL;
}

int main(void)
{
	static uint32_t block[8192];
	uint32_t state = 1;
	size_t total = 0, n;
	int p[2];
	tcp_pair(p);
	pthread_t thread = t_thread(sender, &p[0]);
	while ((n = read_all(p[1], block, sizeof block)) > 0) {
		for (size_t i = 0; i < n / 4; i++)
			NEED(block[i] == next(&state));
		total += n;
	}
	t_join(thread);
	SHOW(total);
	return 0;
}
