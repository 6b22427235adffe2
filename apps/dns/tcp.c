// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Questions over TCP; see tcp.h.
//
// A connection either waits for input, or has output that the socket would not take; while it has,
// nothing more is read from it, so a client that does not read its answers holds up only itself.
// Buffers are mapped when a slot is first used and then kept. When all slots are taken, the
// connection that has been quiet for longest makes room.
#define _GNU_SOURCE 1
#include "tcp.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "proto.h"
#include "query.h"

#define CONNECTIONS 128
#define FRAME_MAX (2 + DNS_MESSAGE_MAX)
#define OUT_SIZE (2 * FRAME_MAX)
#define QUESTION_MIN (DNS_HEADER_LEN + 5)

struct tcp_buffers {
	uint8_t in[FRAME_MAX];
	uint8_t out[OUT_SIZE];
};

struct tcp_conn {
	int open;
	int fd;
	unsigned how;
	int64_t active;          // when the client last did something, in seconds
	uint64_t turn;           // the same as a count, which orders what is in one second
	unsigned in;             // octets in b->in
	unsigned out, sent;      // octets in b->out, and how many of them are sent
	struct tcp_buffers *b;
};

static struct {
	int epoll_fd;
	unsigned idle;
	unsigned open;
	uint64_t turn;
	struct tcp_conn conn[CONNECTIONS];
} tcp;

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

void tcp_init(int epoll_fd, unsigned idle)
{
	tcp.epoll_fd = epoll_fd;
	tcp.idle = idle;
}

static void conn_touch(struct tcp_conn *c)
{
	c->active = now();
	c->turn = ++tcp.turn;
}

static void conn_close(struct tcp_conn *c)
{
	close(c->fd);
	c->open = 0;
	tcp.open--;
}

static void conn_watch(struct tcp_conn *c, int op, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.ptr = c };

	if (epoll_ctl(tcp.epoll_fd, op, c->fd, &e))
		conn_close(c);
}

static void conn_close_oldest(void)
{
	struct tcp_conn *oldest = NULL;

	for (struct tcp_conn *c = tcp.conn; c < tcp.conn + CONNECTIONS; c++)
		if (c->open && (!oldest || c->turn < oldest->turn))
			oldest = c;
	if (oldest)
		conn_close(oldest);
}

static struct tcp_conn *conn_slot(void)
{
	struct tcp_conn *c = tcp.conn;

	if (tcp.open == CONNECTIONS)
		conn_close_oldest();
	while (c->open)
		c++;
	return c;
}

static int conn_buffers(struct tcp_conn *c)
{
	if (c->b)
		return 0;
	c->b = mmap(NULL, sizeof(*c->b), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		    0);
	if (c->b != MAP_FAILED)
		return 0;
	c->b = NULL;
	return -ENOMEM;
}

static void conn_open(int fd, unsigned how)
{
	struct tcp_conn *c = conn_slot();
	int one = 1;

	if (conn_buffers(c)) {
		close(fd);
		return;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	*c = (struct tcp_conn){ .open = 1, .fd = fd, .how = how | QUERY_TCP, .b = c->b };
	conn_touch(c);
	tcp.open++;
	conn_watch(c, EPOLL_CTL_ADD, EPOLLIN);
}

// One connection a call, as the loop calls again while there are more. Without a free descriptor
// the listener would stay ready, and the loop would spin.
void tcp_accept(int listener, unsigned how)
{
	int flags = SOCK_NONBLOCK | SOCK_CLOEXEC, fd = accept4(listener, NULL, NULL, flags);

	if (fd < 0 && (errno == EMFILE || errno == ENFILE) && tcp.open) {
		conn_close_oldest();
		fd = accept4(listener, NULL, NULL, flags);
	}
	if (fd >= 0)
		conn_open(fd, how);
}

// Sends what there is. -1: the connection is gone.
static int conn_flush(struct tcp_conn *c)
{
	ssize_t n;

	while (c->sent < c->out) {
		n = send(c->fd, c->b->out + c->sent, c->out - c->sent, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : -1;
		c->sent += (unsigned)n;
	}
	c->out = c->sent = 0;
	return 0;
}

// Answers the whole questions of the input, as long as the output has room. -1: a message that
// gets no answer, after which the connection is closed as NSD does.
static int conn_answer(struct tcp_conn *c)
{
	unsigned done = 0, len;
	size_t n;

	while (c->in - done >= 2 && OUT_SIZE - c->out >= FRAME_MAX) {
		len = get16(c->b->in + done);
		if (len < QUESTION_MIN)
			return -1;
		if (c->in - done < 2 + len)
			break;
		n = query_process(c->b->in + done + 2, len, c->b->out + c->out + 2, c->how);
		if (!n)
			return -1;
		put16(c->b->out + c->out, (unsigned)n);
		c->out += 2 + (unsigned)n;
		done += 2 + len;
	}
	c->in -= done;
	memmove(c->b->in, c->b->in + done, c->in);
	return 0;
}

// Answers and sends until input or socket is exhausted. -1: the connection is to be closed.
static int conn_advance(struct tcp_conn *c)
{
	unsigned before;
	int dropped;

	do {
		before = c->in;
		dropped = conn_answer(c);
		if (conn_flush(c) || dropped)
			return -1;
	} while (!c->out && c->in != before);
	return 0;
}

static int conn_read(struct tcp_conn *c)
{
	ssize_t n = recv(c->fd, c->b->in + c->in, FRAME_MAX - c->in, 0);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	if (!n)
		return -1;
	c->in += (unsigned)n;
	return conn_advance(c);
}

void tcp_serve(struct tcp_conn *c, uint32_t events)
{
	int stuck = c->out > 0, r;

	if (!c->open)
		return;
	conn_touch(c);
	if (!stuck)
		r = conn_read(c);
	else if (events & (EPOLLERR | EPOLLHUP))
		r = -1;
	else
		r = conn_flush(c) || (!c->out && conn_advance(c)) ? -1 : 0;
	if (r)
		conn_close(c);
	else if (stuck != (c->out > 0))
		conn_watch(c, EPOLL_CTL_MOD, c->out ? EPOLLOUT : EPOLLIN);
}

int tcp_expire(void)
{
	int64_t limit;

	if (!tcp.open)
		return -1;
	limit = now() - tcp.idle;
	for (struct tcp_conn *c = tcp.conn; c < tcp.conn + CONNECTIONS; c++)
		if (c->open && c->active < limit)
			conn_close(c);
	return 1000;
}

void tcp_close_all(void)
{
	for (struct tcp_conn *c = tcp.conn; c < tcp.conn + CONNECTIONS; c++)
		if (c->open)
			conn_close(c);
}
