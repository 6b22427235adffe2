// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Connections; see conn.h.
//
//   CONN_READ    a request is expected, from the start or in the middle: request_seconds
//   CONN_IDLE    answered, nothing of the next request is there: idle_seconds
//   CONN_WRITE   the socket is full; nothing is read meanwhile: idle_seconds without progress
//   CONN_LINGER  answered and shut for sending; what still comes is dropped, because closing at
//                once would reset the connection and lose the answer (RFC 9112 9.6): LINGER_MS
//
// settle() alone moves a connection between them. A list for each state has the connections in
// the order of their deadlines, since all in it have the same time.
//
// Buffers are in `work`, for the one connection that is being served. What is left in them at the
// end of its turn, half a request or bytes that the socket did not take, waits in a stash.
#include "conn.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "pool.h"
#include "respond.h"
#include "stats.h"

#define OUT_MAX 24576u   // more than ANSWER_MAX: several answers leave together
#define TURN_MAX 1048576 // bytes of a file for one connection before others have their turn
#define LINGER_MS 2000
#define REFUSED_MAX 64   // connections above the limit that are told so

_Static_assert(OUT_MAX > ANSWER_MAX, "an answer fits");
_Static_assert(OUT_MAX + HEAD_MAX <= POOL_BLOCK_MAX, "a stash fits");

enum state {
	CONN_READ,
	CONN_IDLE,
	CONN_WRITE,
	CONN_LINGER,
	CONN_STATES,
};

struct conn {
	struct conn *next, *prev;
	int64_t deadline;
	int fd;
	enum state state;
	uint32_t interest;    // of epoll
	bool linger;          // at the end, the client may still be sending
	bool served;          // a request was answered in this turn
	uint64_t skip;        // bytes of a request's content that are still to be dropped
	uint32_t in_len, out_len;
	char *stash;          // in, then out
	struct answer answer;
};

static struct {
	char in[HEAD_MAX];
	size_t in_at, in_len;
	char out_buf[OUT_MAX];
	struct text out;
} work;

static struct conn lists[CONN_STATES];
static int64_t timeouts[CONN_STATES];
static unsigned conn_max;
static int epoll_fd;
static bool draining;

void conn_init(int fd, const struct conn_options *o)
{
	epoll_fd = fd;
	conn_max = o->max;
	timeouts[CONN_READ] = o->request_seconds * 1000;
	timeouts[CONN_IDLE] = o->idle_seconds * 1000;
	timeouts[CONN_WRITE] = o->idle_seconds * 1000;
	timeouts[CONN_LINGER] = LINGER_MS;
	for (unsigned i = 0; i < CONN_STATES; i++)
		lists[i].next = lists[i].prev = &lists[i];
}

static void unlink_conn(struct conn *c)
{
	c->next->prev = c->prev;
	c->prev->next = c->next;
}

static void enter(struct conn *c, enum state state)
{
	struct conn *list = &lists[state];

	unlink_conn(c);
	c->state = state;
	c->deadline = now.ms + timeouts[state];
	c->next = list;
	c->prev = list->prev;
	list->prev->next = c;
	list->prev = c;
}

static void close_conn(struct conn *c)
{
	unlink_conn(c);
	answer_end(&c->answer);
	if (c->stash)
		pool_put(c->stash, c->in_len + c->out_len);
	close(c->fd);
	pool_put(c, sizeof(*c));
	stats.open--;
}

static void unpack(struct conn *c)
{
	work.in_at = 0;
	work.in_len = c->in_len;
	work.out = (struct text){ work.out_buf, OUT_MAX, c->out_len, false };
	if (c->stash) {
		memcpy(work.in, c->stash, c->in_len);
		memcpy(work.out_buf, c->stash + c->in_len, c->out_len);
		pool_put(c->stash, c->in_len + c->out_len);
	}
	c->stash = NULL;
	c->in_len = c->out_len = 0;
	c->served = false;
	c->answer.out = &work.out;
}

static int pack(struct conn *c)
{
	size_t in = work.in_len - work.in_at, out = work.out.len;

	if (!in && !out)
		return 0;
	c->stash = pool_get(in + out);
	if (!c->stash)
		return -ENOMEM;
	memcpy(c->stash, work.in + work.in_at, in);
	memcpy(c->stash + in, work.out_buf, out);
	c->in_len = (uint32_t)in;
	c->out_len = (uint32_t)out;
	return 0;
}

static int receive(struct conn *c)
{
	ssize_t n = recv(c->fd, work.in + work.in_len, sizeof(work.in) - work.in_len, 0);

	if (n <= 0)
		return n ? -errno : -EPIPE;
	work.in_len += (size_t)n;
	return 0;
}

static int send_out(struct conn *c, bool more)
{
	ssize_t n = send(c->fd, work.out_buf, work.out.len, MSG_NOSIGNAL | (more ? MSG_MORE : 0));

	if (n < 0)
		return -errno;
	stats.bytes_sent += (uint64_t)n;
	work.out.len -= (size_t)n;
	memmove(work.out_buf, work.out_buf + n, work.out.len);
	return work.out.len ? -EAGAIN : 0;
}

static int send_some_file(struct conn *c)
{
	off_t offset = (off_t)c->answer.offset;
	size_t want = c->answer.left < TURN_MAX ? c->answer.left : TURN_MAX;
	ssize_t n = sendfile(c->fd, c->answer.file->fd, &offset, want);

	// A file that has become shorter: the promised length cannot be kept.
	if (n <= 0)
		return n ? -errno : -EPIPE;
	stats.bytes_sent += (uint64_t)n;
	c->answer.offset += (uint64_t)n;
	c->answer.left -= (uint64_t)n;
	return c->answer.left ? -EAGAIN : 0;
}

// Sends what there is. 0: all of it is sent; -EAGAIN: not yet; else the connection is broken.
static int flush(struct conn *c)
{
	int e = work.out.cut ? -EMSGSIZE : 0;

	do {
		if (!e && work.out.len)
			e = send_out(c, c->answer.left > 0);
		if (!e && c->answer.left)
			e = send_some_file(c);
		if (e)
			return e == -EINTR ? -EAGAIN : e;
	} while (answer_next_part(&c->answer));
	answer_end(&c->answer);
	return 0;
}

static void answer(struct conn *c, const struct request *r)
{
	c->answer.close = !r->keep || draining || (r->expects && r->body);
	c->served = true;
	c->skip = r->body;
	answer_request(r, &c->answer);
}

// Answers the next request. false: none is complete.
static bool next_request(struct conn *c)
{
	size_t left = work.in_len - work.in_at;
	size_t skip = c->skip < left ? c->skip : left;
	struct request r;
	int n;

	work.in_at += skip;
	left -= skip;
	c->skip -= skip;
	if (!left || c->skip || c->answer.close)
		return false;
	n = request_parse(work.in + work.in_at, left, &r);
	if (!n)
		return false;
	if (n > 0) {
		answer(c, &r);
		work.in_at += (size_t)n;
	} else {
		stats.requests++;
		answer_error(-n, &c->answer);
	}
	return true;
}

static int run(struct conn *c)
{
	int e;

	do {
		if (c->answer.file || OUT_MAX - work.out.len < ANSWER_MAX) {
			e = flush(c);
			if (e)
				return e;
		}
	} while (next_request(c));
	return flush(c);
}

static int drop_input(struct conn *c)
{
	ssize_t n = recv(c->fd, work.in, sizeof(work.in), 0);

	if (n <= 0)
		return n ? -errno : -EPIPE;
	return 0;
}

static int watch(struct conn *c, uint32_t interest)
{
	struct epoll_event ev = { .events = interest, .data.ptr = c };

	if (c->interest == interest)
		return 0;
	c->interest = interest;
	return epoll_ctl(epoll_fd, EPOLL_CTL_MOD, c->fd, &ev) ? -errno : 0;
}

// The end of a turn, with an answer sent whole: the next state.
static enum state next_state(struct conn *c)
{
	if (c->state == CONN_LINGER)
		return CONN_LINGER;
	if (c->answer.close) {
		work.in_at = work.in_len;
		shutdown(c->fd, SHUT_WR);
		return CONN_LINGER;
	}
	if (work.in_len > work.in_at || c->skip)
		return CONN_READ;
	return c->served || c->state != CONN_READ ? CONN_IDLE : CONN_READ;
}

// The end of a turn that came to e. Nothing may touch the connection afterwards.
static void settle(struct conn *c, int e)
{
	bool pending = work.out.len || c->answer.file;
	enum state state = CONN_WRITE;

	if (e && e != -EAGAIN) {
		close_conn(c);
		return;
	}
	if (!pending && c->answer.close && c->state != CONN_LINGER && !c->linger && !c->skip &&
	    work.in_at == work.in_len) {
		close_conn(c);
		return;
	}
	if (!pending)
		state = next_state(c);
	e = pack(c);
	if (!e)
		e = watch(c, pending ? EPOLLOUT : EPOLLIN);
	if (e) {
		close_conn(c);
		return;
	}
	// Time runs on for a request that comes in pieces, and for a client that goes on sending.
	if (state != c->state || c->served || state == CONN_IDLE || state == CONN_WRITE)
		enter(c, state);
}

void conn_event(struct conn *c)
{
	int e = 0;

	unpack(c);
	if (c->state == CONN_LINGER) {
		settle(c, drop_input(c));
		return;
	}
	if (c->state != CONN_WRITE)
		e = receive(c);
	settle(c, e ? e : run(c));
}

static void refuse(struct conn *c, int status)
{
	unpack(c);
	c->linger = true;
	answer_error(status, &c->answer);
	settle(c, flush(c));
}

bool conn_evict(void)
{
	struct conn *c = lists[CONN_IDLE].next;

	if (c == &lists[CONN_IDLE])
		return false;
	close_conn(c);
	return true;
}

void conn_open(int fd)
{
	struct epoll_event ev = { .events = EPOLLIN };
	bool full = stats.open >= conn_max && !conn_evict();
	struct conn *c = stats.open < conn_max + REFUSED_MAX ? pool_get(sizeof(*c)) : NULL;

	stats.accepted++;
	stats.refused += full || !c;
	ev.data.ptr = c;
	if (!c || epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &ev)) {
		if (c)
			pool_put(c, sizeof(*c));
		close(fd);
		return;
	}
	*c = (struct conn){ .fd = fd, .interest = EPOLLIN };
	c->next = c->prev = c;
	stats.open++;
	enter(c, CONN_READ);
	if (full)
		refuse(c, 503);
}

static void expire_one(struct conn *c)
{
	bool begun = c->state == CONN_READ && (c->in_len || c->skip);

	stats.timed_out += c->state == CONN_READ || c->state == CONN_WRITE;
	if (begun)
		refuse(c, 408);
	else
		close_conn(c);
}

int conn_expire(void)
{
	int64_t next = INT64_MAX;

	for (unsigned i = 0; i < CONN_STATES; i++) {
		struct conn *list = &lists[i];

		while (list->next != list && list->next->deadline <= now.ms)
			expire_one(list->next);
	}
	for (unsigned i = 0; i < CONN_STATES; i++) {
		if (lists[i].next != &lists[i] && lists[i].next->deadline < next)
			next = lists[i].next->deadline;
	}
	return next == INT64_MAX ? -1 : (int)(next - now.ms);
}

static void close_list(struct conn *list, bool begun_too)
{
	struct conn *next;

	for (struct conn *c = list->next; c != list; c = next) {
		next = c->next;
		if (begun_too || (!c->in_len && !c->skip))
			close_conn(c);
	}
}

void conn_drain(void)
{
	draining = true;
	close_list(&lists[CONN_IDLE], true);
	close_list(&lists[CONN_LINGER], true);
	close_list(&lists[CONN_READ], false);
	for (struct conn *c = lists[CONN_WRITE].next; c != &lists[CONN_WRITE]; c = c->next)
		c->answer.close = true;
}

void conn_close_all(void)
{
	for (unsigned i = 0; i < CONN_STATES; i++)
		close_list(&lists[i], true);
}
