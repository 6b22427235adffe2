// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A full pipe stops its writer until a reader makes room; a large write goes through in pieces.
#include "t.h"

static int p[2];
static unsigned long sum;

static void *reader(void *arg)
{
	static unsigned char buf[10000];
	unsigned long n, total = 0;
	while ((n = read(p[0], buf, sizeof buf)) > 0) {
		for (unsigned long i = 0; i < n; i++)
			NEED(buf[i] == (unsigned char)((total + i) * 7));
		total += n;
		sum += n;
	}
	return NULL;
}

int main(void)
{
	static unsigned char data[1 << 20];
	for (unsigned long i = 0; i < sizeof data; i++)
		data[i] = i * 7;
	NEED(pipe(p) == 0);
	pthread_t thread = t_thread(reader, NULL);
	SHOW(write(p[1], data, sizeof data));
	SHOW(close(p[1]));
	t_join(thread);
	SHOW(sum);
	return 0;
}
