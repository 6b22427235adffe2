// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A server thread answers two hundred questions.
//
// NET: yes
#include "tnet.h"

static void *server(void *arg)
{
	int fd = *(int *)arg, n;
	struct sockaddr_in from;
	for (;;) {
		socklen_t len = sizeof from;
		NEED(recvfrom(fd, &n, sizeof n, 0, SA(&from), &len) == sizeof n);
		if (n < 0)
			return NULL;
		n *= 2;
		NEED(sendto(fd, &n, sizeof n, 0, SA(&from), len) == sizeof n);
	}
}

int main(void)
{
	int fd = bound_socket(AF_INET, SOCK_DGRAM), s = socket(AF_INET, SOCK_DGRAM, 0), n;
	struct sockaddr_in to = addr4(port_of(fd));
	long sum = 0;
	pthread_t thread = t_thread(server, &fd);
	NEED(connect(s, SA(&to), sizeof to) == 0);
	for (int i = 0; i < 200; i++) {
		NEED(send(s, &i, sizeof i, 0) == sizeof i && recv(s, &n, sizeof n, 0) == sizeof n);
		sum += n;
	}
	n = -1;
	NEED(send(s, &n, sizeof n, 0) == sizeof n);
	t_join(thread);
	SHOW(sum);
	return 0;
}
