// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// One epoll loop serves twenty clients at once.
//
// NET: yes
#include "tnet.h"
#include <sys/epoll.h>

enum { CLIENTS = 20 };

int main(void)
{
	int listener = bound_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK), ep = epoll_create1(0), client[CLIENTS], closed = 0;
	struct epoll_event ev = { .events = EPOLLIN, .data.fd = listener }, out[8];
	char buf[32];
	NEED(epoll_ctl(ep, EPOLL_CTL_ADD, listener, &ev) == 0);
	for (int i = 0, sent = 0; closed < CLIENTS; i++) {
		if (i < CLIENTS) {
			client[i] = connect_to(port_of(listener));
			write_all(client[i], "request", 7);
		}
		int n = epoll_wait(ep, out, 8, 5000);
		NEED(n > 0);
		for (int k = 0; k < n; k++) {
			int fd = out[k].data.fd;
			if (fd == listener) {
				fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
				ev = (struct epoll_event){ .events = EPOLLIN | EPOLLRDHUP, .data.fd = fd };
				NEED(fd >= 0 && epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev) == 0);
			} else if ((n = read(fd, buf, sizeof buf)) > 0) {
				write_all(fd, buf, n);
				n = 8;
			} else {
				NEED(n == 0 && close(fd) == 0);
				closed++;
			}
		}
		if (i >= CLIENTS && sent < CLIENTS) {
			NEED(wait_for(client[sent], POLLIN) && read_all(client[sent], buf, 7) == 7);
			close(client[sent++]);
		}
	}
	SHOW(closed);
	return 0;
}
