// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// The service on the network; see server.h. A socket is known to epoll by the address of its
// entry in the list, a connection by its own; the two never overlap.
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "query.h"
#include "tcp.h"
#include "udp.h"

#define EVENTS 64
#define BACKLOG 512
#define RECEIVE_BUFFER (1 << 20) // rides out bursts; the system may give less

struct server_socket {
	int fd;
	int stream;
	unsigned how;
};

static struct {
	int epoll_fd;
	unsigned count;
	struct server_socket socket[4]; // IPv4 and IPv6, UDP and TCP
} server;

static volatile sig_atomic_t stopping;

void server_stop(void)
{
	stopping = 1;
}

static int socket_bind(int fd, const struct sockaddr_in6 *addr, int stream)
{
	int one = 1, size = RECEIVE_BUFFER;
	int v6 = addr->sin6_family == AF_INET6;
	socklen_t len = v6 ? sizeof(*addr) : sizeof(struct sockaddr_in);

	if (stream)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	else
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (v6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one)))
		return -errno;
	if (bind(fd, (const struct sockaddr *)addr, len))
		return -errno;
	return stream && listen(fd, BACKLOG) ? -errno : 0;
}

static int socket_open(const struct sockaddr_in6 *addr, int stream)
{
	struct server_socket *s = &server.socket[server.count];
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = s };
	int type = (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, err;
	// Constants, so that a reader of the code sees which families of sockets there can be.
	int fd = addr->sin6_family == AF_INET6 ? socket(AF_INET6, type, 0) : socket(AF_INET, type, 0);

	if (fd < 0)
		return -errno;
	err = socket_bind(fd, addr, stream);
	if (!err && epoll_ctl(server.epoll_fd, EPOLL_CTL_ADD, fd, &e))
		err = -errno;
	if (err) {
		close(fd);
		return err;
	}
	*s = (struct server_socket){ fd, stream, addr->sin6_family == AF_INET6 ? QUERY_V6 : 0 };
	server.count++;
	return 0;
}

static int open_pair(const struct sockaddr_in6 *addr)
{
	int err = socket_open(addr, 0);

	return err ? err : socket_open(addr, 1);
}

static const char *open_reason(int err)
{
	switch (err) {
	case -EADDRINUSE: return "another server is using it";
	case -EACCES: return "ports below 1024 need a privilege: take another one with -p";
	case -EADDRNOTAVAIL: return "this machine does not have the address";
	case -EINVAL: return "this is no IPv4 or IPv6 address";
	default: return NULL;
	}
}

static int open_fail(const struct server_options *o, int err, struct text *t)
{
	const char *reason = open_reason(err);

	text_str(t, "cannot listen on ");
	text_str(t, o->address ? o->address : "*");
	text_str(t, " port ");
	text_num(t, o->port);
	text_str(t, ": ");
	text_str(t, reason ? reason : "error ");
	if (!reason)
		text_num(t, (uint32_t)-err);
	return err;
}

// IPv4 and IPv6 addresses share the place of the port.
static int address_parse(const char *s, struct sockaddr_in6 *addr)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)addr;

	if (inet_pton(AF_INET, s, &v4->sin_addr) == 1)
		addr->sin6_family = AF_INET;
	else if (inet_pton(AF_INET6, s, &addr->sin6_addr) == 1)
		addr->sin6_family = AF_INET6;
	else
		return -EINVAL;
	return 0;
}

int server_open(const struct server_options *o, struct text *err)
{
	struct sockaddr_in6 addr = { .sin6_port = htons(o->port), .sin6_family = AF_INET };
	int r = 0;

	server.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (server.epoll_fd < 0)
		return open_fail(o, -errno, err);
	tcp_init(server.epoll_fd, o->idle);
	if (o->address)
		r = address_parse(o->address, &addr);
	if (!r)
		r = open_pair(&addr);
	if (r)
		return open_fail(o, r, err);
	if (o->address)
		return 0;
	addr = (struct sockaddr_in6){ .sin6_port = htons(o->port), .sin6_family = AF_INET6 };
	r = open_pair(&addr);
	// On a system without IPv6, which says so in one of many ways, IPv4 alone is served.
	return r == -EADDRINUSE ? open_fail(o, r, err) : 0;
}

static void serve_event(const struct epoll_event *e)
{
	struct server_socket *s = e->data.ptr;

	if (s < server.socket || s >= server.socket + server.count)
		tcp_serve(e->data.ptr, e->events);
	else if (s->stream)
		tcp_accept(s->fd, s->how);
	else
		udp_serve(s->fd, s->how);
}

int server_run(void)
{
	struct epoll_event events[EVENTS];
	sigset_t none;
	int n, r = 0;

	// The signals that stop us are blocked but here, so none can slip in before the wait.
	sigemptyset(&none);
	while (!stopping) {
		n = epoll_pwait(server.epoll_fd, events, EVENTS, tcp_expire(), &none);
		if (n < 0 && errno != EINTR) {
			r = -errno;
			break;
		}
		for (int i = 0; i < n; i++)
			serve_event(&events[i]);
	}
	tcp_close_all();
	for (unsigned i = 0; i < server.count; i++)
		close(server.socket[i].fd);
	close(server.epoll_fd);
	return r;
}
