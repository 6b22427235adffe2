// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// The event loop; see server.h.
#include "server.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "stats.h"

#define EVENTS 64
#define ACCEPTS 64      // connections taken in one round
#define BACKLOG 1024
#define DRAIN_MS 3000   // for answers under way when the server is to stop
#define PAUSE_MS 200    // without accepting, when there are no descriptors left

static int listener = -1;
static int epoll_fd = -1;
static bool paused;
static volatile sig_atomic_t stopping;

void server_stop(void)
{
	stopping = 1;
}

static int option_on(int fd, int level, int option)
{
	return setsockopt(fd, level, option, &(int){ 1 }, sizeof(int));
}

static int listen_on(int fd, const void *address, socklen_t len)
{
	option_on(fd, SOL_SOCKET, SO_REUSEADDR);
	// Linux passes it on to the sockets that are accepted.
	option_on(fd, IPPROTO_TCP, TCP_NODELAY);
	if (bind(fd, address, len) || listen(fd, BACKLOG)) {
		int e = -errno;

		close(fd);
		return e;
	}
	return fd;
}

static int listen_ipv4(uint16_t port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	return fd < 0 ? -errno : listen_on(fd, &a, sizeof(a));
}

// One socket for both, or IPv4 alone where there is no IPv6.
static int listen_any(uint16_t port)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return listen_ipv4(port);
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &(int){ 0 }, sizeof(int))) {
		close(fd);
		return listen_ipv4(port);
	}
	fd = listen_on(fd, &a, sizeof(a));
	return fd == -EADDRNOTAVAIL ? listen_ipv4(port) : fd;
}

static int watch_listener(int op, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.ptr = NULL };

	return epoll_ctl(epoll_fd, op, listener, &ev) ? -errno : 0;
}

int server_open(uint16_t *port, const struct conn_options *o)
{
	struct sockaddr_in6 a = { 0 };
	socklen_t len = sizeof(a);

	listener = listen_any(*port);
	if (listener < 0)
		return listener;
	// The port is at the same place for both families.
	if (!*port && !getsockname(listener, (struct sockaddr *)&a, &len))
		*port = ntohs(a.sin6_port);
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (epoll_fd < 0)
		return -errno;
	conn_init(epoll_fd, o);
	return watch_listener(EPOLL_CTL_ADD, EPOLLIN);
}

static void pause_listener(bool pause)
{
	if (paused == pause)
		return;
	paused = pause;
	watch_listener(EPOLL_CTL_MOD, pause ? 0 : EPOLLIN);
}

static void accept_some(void)
{
	for (unsigned i = 0; i < ACCEPTS; i++) {
		int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0) {
			conn_open(fd);
			continue;
		}
		if (errno == ECONNABORTED || errno == EINTR)
			continue;
		// What waits would wake the loop again and again.
		if (errno != EAGAIN && !conn_evict())
			pause_listener(true);
		return;
	}
}

// One round. The listener comes last: accepting may close connections that had events.
static int serve_events(int timeout)
{
	struct epoll_event events[EVENTS];
	sigset_t none;
	bool accepts = false;
	int n;

	sigemptyset(&none);
	n = epoll_pwait(epoll_fd, events, EVENTS, timeout, &none);
	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	clock_update();
	for (int i = 0; i < n; i++) {
		if (events[i].data.ptr)
			conn_event(events[i].data.ptr);
		else
			accepts = true;
	}
	if (accepts && !stopping)
		accept_some();
	return 0;
}

static int drain(void)
{
	int64_t end = now.ms + DRAIN_MS;
	int e = 0;

	close(listener);
	listener = -1;
	conn_drain();
	while (!e && stats.open && now.ms < end) {
		e = serve_events((int)(end - now.ms));
		clock_update();
	}
	conn_close_all();
	return e;
}

int server_run(void)
{
	while (!stopping) {
		int timeout = conn_expire(), e;

		if (paused && (timeout < 0 || timeout > PAUSE_MS))
			timeout = PAUSE_MS;
		e = serve_events(timeout);
		if (e)
			return e;
		clock_update();
		pause_listener(false);
	}
	return drain();
}
