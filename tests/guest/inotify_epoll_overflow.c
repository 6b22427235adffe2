// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// epoll wakes for events; a queue that nobody reads overflows and says so once.
#include "tinotify.h"
#include <sys/epoll.h>

static void *touch(void *arg)
{
	usleep(20000);
	NEED(close(open("later", O_CREAT | O_WRONLY, 0644)) == 0);
	return NULL;
}

int main(void)
{
	int fd = inotify_init1(IN_NONBLOCK), ep = epoll_create1(0), last = 0, events = 0;
	struct epoll_event e = { .events = EPOLLIN, .data.fd = fd };
	static char buf[1 << 20] __attribute__((aligned(8)));
	pthread_t t;
	ssize_t n;

	t_dir();
	NEED(inotify_add_watch(fd, ".", IN_CREATE | IN_ATTRIB) == 1);
	NEED(!epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e));
	SHOW(epoll_wait(ep, &e, 1, 0));
	t = t_thread(touch, NULL);
	SHOW(epoll_wait(ep, &e, 1, 5000));
	t_join(t);
	tell_events(fd, "by a thread");
	NEED(close(open("x", O_CREAT | O_WRONLY, 0644)) == 0);
	NEED(close(open("y", O_CREAT | O_WRONLY, 0644)) == 0);
	for (int i = 0; i < 10000; i++)
		NEED(!chmod("x", 0600) && !chmod("y", 0600));
	while ((n = read(fd, buf, sizeof(buf))) > 0)
		for (char *p = buf; p < buf + n;) {
			const struct inotify_event *i = (void *)p;

			events++;
			last = i->mask == IN_Q_OVERFLOW;
			p += sizeof(*i) + i->len;
		}
	CHECK(events < 20003 && last);
	return 0;
}
