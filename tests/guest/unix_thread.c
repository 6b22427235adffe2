// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Half a megabyte between two threads over a stream pair.
#include "tnet.h"

static int s[2];

static void *body(void *arg)
{
	static unsigned char data[1 << 19];
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = i * 7 >> 2;
	write_all(s[0], data, sizeof data);
	shutdown(s[0], SHUT_WR);
	return NULL;
}

int main(void)
{
	static unsigned char got[(1 << 19) + 100];
	NEED(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
	pthread_t thread = t_thread(body, NULL);
	SHOW(read_all(s[1], got, sizeof got));
	int wrong = 0;
	for (size_t i = 0; i < 1 << 19; i++)
		wrong += got[i] != (unsigned char)(i * 7 >> 2);
	SHOW(wrong);
	t_join(thread);
	return 0;
}
