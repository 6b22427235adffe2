// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// One epoll loop serves twenty clients at once.
//
// NET: yes
#include "tnet.h"
#include <sys/epoll.h>

enum { CLIENTS = 20 };

static void *clients(void *arg)
{
	char buf[8];
	int fd[CLIENTS];
	for (int i = 0; i < CLIENTS; i++)
		fd[i] = connect_to(*(int *)arg);
	for (int i = 0; i < CLIENTS; i++)
		write_all(fd[i], "request", 7);
	for (int i = CLIENTS - 1; i >= 0; i--) {
		NEED(read_all(fd[i], buf, 7) == 7 && !memcmp(buf, "request", 7));
		close(fd[i]);
	}
	return NULL;
}

static int serve(int ep, int listener, int fd)
{
	char buf[32];
	if (fd == listener) {
		struct epoll_event ev = { .events = EPOLLIN | EPOLLRDHUP, .data.fd = accept4(listener, NULL,
				NULL, SOCK_NONBLOCK) };
		NEED(ev.data.fd >= 0 && epoll_ctl(ep, EPOLL_CTL_ADD, ev.data.fd, &ev) == 0);
		return 0;
	}
	ssize_t n = read(fd, buf, sizeof buf);
	if (n > 0)
		write_all(fd, buf, n);
	else
		NEED(n == 0 && close(fd) == 0);
	return n == 0;
}

int main(void)
{
	int listener = bound_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK), ep = epoll_create1(0),
			closed = 0;
	int port = port_of(listener);
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = listener }, out[8];
	NEED(epoll_ctl(ep, EPOLL_CTL_ADD, listener, &ev) == 0);
	pthread_t thread = t_thread(clients, &port);
	while (closed < CLIENTS) {
		int n = epoll_wait(ep, out, 8, 5000);
		NEED(n > 0);
		for (int i = 0; i < n; i++)
			closed += serve(ep, listener, out[i].data.fd);
	}
	t_join(thread);
	SHOW(closed);
	return 0;
}
