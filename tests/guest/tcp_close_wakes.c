// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// shutdown in one thread wakes a reader and an accept that wait in another.
//
// NET: yes
#include "tnet.h"

static int p[2], listener;

static void *stop(void *arg)
{
	t_sleep_ms(10);
	SHOW(shutdown(*(int *)arg, SHUT_RDWR));
	return NULL;
}

int main(void)
{
	char c;
	tcp_pair(p);
	pthread_t thread = t_thread(stop, &p[0]);
	ssize_t n = read(p[0], &c, 1);
	t_join(thread);
	SHOW(n);
	listener = bound_socket(AF_INET, SOCK_STREAM);
	thread = t_thread(stop, &listener);
	int r = accept(listener, NULL, NULL), e = errno;
	t_join(thread);
	SHOW(r);
	say("%s", err_name(e));
	return 0;
}
