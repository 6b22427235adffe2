// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A server thread echoes until the client has closed its side.
//
// LINK: static-pie
// NET: yes
#include "tnet.h"

static void *server(void *arg)
{
	char buf[64];
	ssize_t n;
	int fd = accept(*(int *)arg, NULL, NULL);
	NEED(fd >= 0);
	while ((n = read(fd, buf, sizeof buf)) > 0)
		write_all(fd, buf, n);
	close(fd);
	return NULL;
}

int main(void)
{
	char buf[64] = { 0 };
	int listener = bound_socket(AF_INET, SOCK_STREAM);
	pthread_t thread = t_thread(server, &listener);
	int fd = connect_to(port_of(listener));
	for (int i = 0; i < 3; i++) {
		SHOW(send(fd, "ping", 4, 0));
		SHOW(read_all(fd, buf, 4));
		say("%s", buf);
	}
	SHOW(shutdown(fd, SHUT_WR));
	SHOW(read(fd, buf, sizeof buf));
	t_join(thread);
	return 0;
}
