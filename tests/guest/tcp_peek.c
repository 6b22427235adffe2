// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// MSG_PEEK leaves the bytes; MSG_WAITALL gathers them; MSG_DONTWAIT does not wait.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

static void *slow(void *arg)
{
	int fd = *(int *)arg;
	write_all(fd, "abc", 3);
	t_sleep_ms(10);
	write_all(fd, "defgh", 5);
	return NULL;
}

int main(void)
{
	int p[2];
	char buf[16] = { 0 };
	tcp_pair(p);
	CHECK_ERR(recv(p[1], buf, 1, MSG_DONTWAIT), EAGAIN);
	SHOW(send(p[0], "peek", 4, 0));
	SHOW(recv(p[1], buf, 2, MSG_PEEK));
	SHOW(recv(p[1], buf, 4, MSG_PEEK | MSG_WAITALL));
	say("%s", buf);
	SHOW(recv(p[1], buf, 16, 0));
	CHECK_ERR(recv(p[1], buf, 1, MSG_DONTWAIT | MSG_PEEK), EAGAIN);
	pthread_t thread = t_thread(slow, &p[0]);
	SHOW(recv(p[1], buf, 8, MSG_WAITALL));
	say("%s", buf);
	t_join(thread);
	return 0;
}
