// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Both ends of a network between instances, for the end-to-end tests and bench/net-named.
//
//	peer serve PORT                     echoes TCP and UDP of both families
//	peer late MS PORT                   the same, after a while
//	peer sink PORT                      takes TCP and says how much came when it ends
//	peer names NAME...                  what each name resolves to, and back
//	peer tcp FAMILY NAME PORT BYTES     sends so many and wants them back; FAMILY is 4 or 6
//	peer udp FAMILY NAME PORT BYTES     the same in one datagram
//	peer pour NAME PORT MS              sends as fast as it can: MB/s
//	peer turns NAME PORT MS             one byte there and back: microseconds for each
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS 64

static char buffer[1 << 18];

static int fail(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	return 1;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static int listen_on(int type, const char *port)
{
	struct addrinfo hints = { .ai_family = AF_INET6, .ai_socktype = type, .ai_flags = AI_PASSIVE | AI_NUMERICHOST };
	struct addrinfo *a;
	int s, on = 1;

	if (getaddrinfo("::", port, &hints, &a))
		return -1;
	s = socket(a->ai_family, type, 0);
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(s, a->ai_addr, a->ai_addrlen) || (type == SOCK_STREAM && listen(s, 128)))
		return -1;
	return s;
}

static int send_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t r = send(fd, p, n, MSG_NOSIGNAL);

		if (r <= 0)
			return -1;
		p += r;
		n -= (size_t)r;
	}
	return 0;
}

static int serve(const char *port, int echo)
{
	struct pollfd p[CLIENTS + 2];
	int n = 2;

	p[0] = (struct pollfd){ .fd = listen_on(SOCK_STREAM, port), .events = POLLIN };
	p[1] = (struct pollfd){ .fd = listen_on(SOCK_DGRAM, port), .events = POLLIN };
	if (p[0].fd < 0 || p[1].fd < 0)
		return fail("listen");
	printf("ready\n");
	fflush(stdout);
	while (poll(p, (nfds_t)n, -1) >= 0) {
		struct sockaddr_storage from;
		socklen_t len = sizeof(from);
		ssize_t got;

		if (p[1].revents) {
			got = recvfrom(p[1].fd, buffer, sizeof(buffer), 0, (struct sockaddr *)&from, &len);
			if (got >= 0)
				sendto(p[1].fd, buffer, (size_t)got, 0, (struct sockaddr *)&from, len);
		}
		for (int i = n - 1; i >= 2; i--) {
			if (!p[i].revents)
				continue;
			got = recv(p[i].fd, buffer, sizeof(buffer), 0);
			if (got <= 0 || (echo && send_all(p[i].fd, buffer, (size_t)got))) {
				close(p[i].fd);
				p[i] = p[--n];
			}
		}
		if (p[0].revents && n < CLIENTS + 2)
			p[n++] = (struct pollfd){ .fd = accept(p[0].fd, NULL, NULL), .events = POLLIN };
	}
	return fail("poll");
}

static int names(char **v)
{
	int bad = 0;

	for (; *v; v++) {
		struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list, *a;
		char text[64], back[256];
		int r = getaddrinfo(*v, NULL, &hints, &list);

		printf("%s:", *v);
		bad |= r;
		for (a = r ? NULL : list; a; a = a->ai_next) {
			getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof(text), NULL, 0, NI_NUMERICHOST);
			if (getnameinfo(a->ai_addr, a->ai_addrlen, back, sizeof(back), NULL, 0, NI_NAMEREQD))
				strcpy(back, "?");
			printf(" %s=%s", text, back);
		}
		printf("%s\n", r ? gai_strerror(r) : "");
	}
	return bad != 0;
}

static int connect_to(int family, int type, const char *name, const char *port)
{
	struct addrinfo hints = { .ai_family = family, .ai_socktype = type }, *a;
	int r = getaddrinfo(name, port, &hints, &a), s;

	if (r) {
		printf("%s: %s\n", name, gai_strerror(r));
		exit(3);
	}
	s = socket(a->ai_family, type, 0);
	if (s < 0 || connect(s, a->ai_addr, a->ai_addrlen)) {
		fail("connect");
		exit(2);
	}
	return s;
}

static int family_of(const char *text)
{
	return *text == '6' ? AF_INET6 : *text == '4' ? AF_INET : AF_UNSPEC;
}

static int tcp(char **v)
{
	int s = connect_to(family_of(v[0]), SOCK_STREAM, v[1], v[2]);
	size_t total = strtoul(v[3], NULL, 10), sent = 0, came = 0;
	struct pollfd p = { .fd = s };

	while (came < total) {
		ssize_t n;

		p.events = (short)(POLLIN | (sent < total ? POLLOUT : 0));
		if (poll(&p, 1, 20000) <= 0)
			return fail("nothing comes");
		if ((p.revents & POLLOUT) && sent < total) {
			n = (ssize_t)(total - sent < 65536 ? total - sent : 65536);
			for (ssize_t i = 0; i < n; i++)
				buffer[i] = (char)((sent + (size_t)i) * 2654435761u >> 24);
			n = send(s, buffer, (size_t)n, MSG_DONTWAIT | MSG_NOSIGNAL);
			if (n > 0)
				sent += (size_t)n;
		}
		if (p.revents & (POLLIN | POLLHUP | POLLERR)) {
			n = recv(s, buffer, sizeof(buffer), 0);
			if (n <= 0)
				return fail("ended early");
			for (ssize_t i = 0; i < n; i++)
				if (buffer[i] != (char)((came + (size_t)i) * 2654435761u >> 24))
					return fail("other bytes came back");
			came += (size_t)n;
		}
	}
	printf("ok\n");
	return 0;
}

static int udp(char **v)
{
	int s = connect_to(family_of(v[0]), SOCK_DGRAM, v[1], v[2]);
	struct timeval patience = { .tv_usec = 300000 };
	size_t n = strtoul(v[3], NULL, 10);
	ssize_t got = -1;

	memset(buffer, 'u', n);
	setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	for (int i = 0; i < 20 && got < 0; i++) {
		if (send(s, buffer, n, 0) < 0 && errno != ECONNREFUSED)
			return fail("send");
		got = recv(s, buffer + n, n + 1, 0);
	}
	if (got != (ssize_t)n || memcmp(buffer, buffer + n, n))
		return fail("no answer, or another");
	printf("ok\n");
	return 0;
}

static int pour(char **v)
{
	int s = connect_to(AF_INET, SOCK_STREAM, v[0], v[1]);
	double start = now(), end = start + atoi(v[2]) / 1e3;
	size_t total = 0;

	while (now() < end) {
		if (send_all(s, buffer, sizeof(buffer)))
			return fail("send");
		total += sizeof(buffer);
	}
	printf("%.1f MB/s\n", (double)total / (now() - start) / 1e6);
	return 0;
}

static int turns(char **v)
{
	int s = connect_to(AF_INET, SOCK_STREAM, v[0], v[1]);
	double start = now(), end = start + atoi(v[2]) / 1e3;
	long n = 0;

	for (; now() < end; n++) {
		if (send_all(s, "x", 1) || recv(s, buffer, 1, 0) != 1)
			return fail("turn");
	}
	printf("%.1f us\n", (now() - start) / (double)n * 1e6);
	return 0;
}

int main(int argc, char **v)
{
	const char *what = argc > 2 ? v[1] : "";

	if (!strcmp(what, "serve"))
		return serve(v[2], 1);
	if (!strcmp(what, "late") && argc == 4 && !usleep((useconds_t)atoi(v[2]) * 1000))
		return serve(v[3], 1);
	if (!strcmp(what, "sink"))
		return serve(v[2], 0);
	if (!strcmp(what, "names"))
		return names(v + 2);
	if (!strcmp(what, "tcp") && argc == 6)
		return tcp(v + 2);
	if (!strcmp(what, "udp") && argc == 6)
		return udp(v + 2);
	if (!strcmp(what, "pour") && argc == 5)
		return pour(v + 2);
	if (!strcmp(what, "turns") && argc == 5)
		return turns(v + 2);
	printf("usage\n");
	return 64;
}
