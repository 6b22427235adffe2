// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A reader blocks until another thread writes.
#include "t.h"
#include <sys/eventfd.h>

static int fd;

static void *body(void *arg)
{
	for (uint64_t i = 1; i <= 3; i++) {
		t_sleep_ms(5);
		NEED(write(fd, &i, 8) == 8);
	}
	return NULL;
}

int main(void)
{
	uint64_t n, total = 0;
	fd = eventfd(0, 0);
	pthread_t thread = t_thread(body, NULL);
	while (total < 6) {
		NEED(read(fd, &n, 8) == 8 && n > 0);
		total += n;
	}
	SHOW(total);
	t_join(thread);
	return 0;
}
