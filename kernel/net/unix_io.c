// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Data of AF_UNIX sockets.
#include <linux/process.h>
#include <mm/mm.h>
#include <net/unix_sock.h>

#define PIECE 32768 /* of a stream: one message */

bool unix_full(const struct unix_sock *to, const struct unix_sock *from)
{
	return to->queued >= from->s.sndbuf ||
	       (unix_is_dgram(to) && to->messages >= UNIX_QUEUE_MAX);
}

void unix_msg_free(struct unix_msg *m)
{
	list_del(&m->link);
	unix_pass_free(m->files);
	kfree(m);
}

// Who writes waits on its own queue: the receiver wakes all its senders when it has made room.
static void made_room(struct unix_sock *u)
{
	list_for_each(l, &u->senders)
		sock_wake(&list_entry(l, struct unix_sock, sending)->s, POLLOUT | POLLWRNORM);
}

static struct unix_msg *new_msg(struct unix_sock *u, struct msg *m, size_t len, int *err)
{
	struct unix_msg *q = kmalloc(sizeof(*q) + len);

	*err = -ENOBUFS;
	if (!q)
		return NULL;
	list_init(&q->link);
	q->from = u->name;
	q->files = NULL;
	q->len = len;
	q->off = 0;
	*err = -EFAULT;
	if (iov_copy_in(m->it, q->data, len) != (ssize_t)len) {
		kfree(q);
		return NULL;
	}
	return q;
}

static void deliver(struct unix_sock *to, struct unix_msg *q)
{
	list_add_tail(&to->queue, &q->link);
	to->queued += (unsigned)q->len;
	to->messages++;
	sock_wake(&to->s, POLLIN | POLLRDNORM);
}

// For a stream or sequence: what bars sending now. 0: nothing.
static int cannot_send(struct unix_sock *u, const struct msg *m)
{
	if (u->s.error)
		return sock_error(&u->s);
	if (!u->connected)
		return -ENOTCONN;
	if (u->wr_shut || u->peer_gone || !u->peer || u->peer->rd_shut) {
		sock_pipe_signal(m);
		return -EPIPE;
	}
	return 0;
}

static int wait_room(struct unix_sock *u, struct waiter *w, uint64_t deadline, const struct msg *m)
{
	int r = 0;

	while (!r && u->peer && !u->peer_gone && unix_full(u->peer, u))
		r = sock_wait(&u->s, w, deadline, m->nowait);
	return r;
}

static ssize_t send_connected(struct unix_sock *u, struct msg *m, struct passed **files,
			      const struct linux_ucred *cred)
{
	uint64_t deadline = sock_deadline(u->s.snd_timeout);
	bool stream = u->s.type == SOCK_STREAM;
	size_t done = 0, total = m->it->left;
	struct unix_msg *q;
	struct waiter w;
	int r = 0;

	if (!stream && total > u->s.sndbuf)
		return -EMSGSIZE;
	wait_begin(&u->s.wq, &w);
	do {
		size_t n = stream ? MIN(total - done, (size_t)PIECE) : total;

		r = wait_room(u, &w, deadline, m);
		if (!r)
			r = cannot_send(u, m);
		if (r)
			break;
		q = new_msg(u, m, n, &r);
		if (!q)
			break;
		r = 0;
		q->cred = *cred;
		q->files = *files;
		*files = NULL;
		deliver(u->peer, q);
		done += n;
	} while (done < total);
	wait_end(&w);
	return done || !r ? (ssize_t)done : r;
}

// The destination of a datagram: the address's socket, or the peer.
static int find_destination(struct unix_sock *u, struct msg *m, struct unix_sock **to)
{
	int r;

	if (m->name_len) {
		r = unix_lookup(&m->name, m->name_len, to);
		if (r)
			return r;
		if (!unix_is_dgram(*to))
			return -EPROTOTYPE;
	} else if (u->peer) {
		*to = u->peer;
	} else {
		r = u->peer_gone ? -ECONNREFUSED : -ENOTCONN;
		u->peer_gone = false;
		return r;
	}
	if ((*to)->rd_shut)
		return -EPIPE;
	// Who is connected to somebody takes nothing from others.
	return (*to)->peer && (*to)->peer != u ? -EPERM : 0;
}

static ssize_t send_datagram(struct unix_sock *u, struct msg *m, struct passed **files,
			     const struct linux_ucred *cred)
{
	uint64_t deadline = sock_deadline(u->s.snd_timeout);
	size_t len = m->it->left;
	struct unix_sock *to;
	struct unix_msg *q;
	struct waiter w;
	int r = 0, err;

	if (len > u->s.sndbuf)
		return -EMSGSIZE;
	if (u->wr_shut) {
		sock_pipe_signal(m);
		return -EPIPE;
	}
	for (;;) {
		err = find_destination(u, m, &to);
		if (err || !unix_full(to, u))
			break;
		// One that we are not connected to does not know us: it wakes those who wait on its
		// own queue as well.
		wait_begin(u->peer == to ? &u->s.wq : &to->s.wq, &w);
		r = sock_wait(&u->s, &w, deadline, m->nowait);
		wait_end(&w);
		if (r)
			return r;
	}
	q = err ? NULL : new_msg(u, m, len, &err);
	if (!q)
		return err;
	q->cred = *cred;
	q->files = *files;
	*files = NULL;
	deliver(to, q);
	return (ssize_t)len;
}

ssize_t unix_send(struct sock *s, struct msg *m)
{
	struct unix_sock *u = unix_of(s);
	struct linux_ucred cred;
	struct passed *files;
	ssize_t r = unix_pass_in(m, &files, &cred);

	if (r)
		return r;
	if (unix_is_dgram(u))
		r = send_datagram(u, m, &files, &cred);
	else if (m->name_len && s->type == SOCK_STREAM)
		r = u->connected ? -EISCONN : -EOPNOTSUPP;
	else if (!m->it->left && s->type == SOCK_STREAM)
		r = cannot_send(u, m);
	else
		r = send_connected(u, m, &files, &cred);
	unix_pass_free(files);
	return r;
}

static void done_with(struct unix_sock *u, struct unix_msg *q, size_t n)
{
	q->off += n;
	u->queued -= (unsigned)n;
	if (u->s.type == SOCK_STREAM && q->off < q->len)
		return;
	u->queued -= (unsigned)(q->len - q->off);
	u->messages--;
	unix_msg_free(q);
	made_room(u);
	sock_wake(&u->s, POLLOUT);
}

static ssize_t recv_message(struct unix_sock *u, struct msg *m)
{
	struct unix_msg *q = list_first(&u->queue, struct unix_msg, link);
	size_t n = MIN(m->it->left, q->len);
	ssize_t r = n ? iov_copy_out(m->it, q->data, n) : 0;

	if (r < 0)
		return r;
	m->name_len = q->from.len ? (unsigned)unix_name_out(&q->from, &m->name) : 0;
	if (n < q->len)
		m->out_flags |= MSG_TRUNC;
	if (m->flags & MSG_TRUNC)
		r = (ssize_t)q->len;
	if (u->s.type == SOCK_SEQPACKET)
		m->out_flags |= MSG_EOR;
	unix_pass_out(u, m, q, m->flags & MSG_PEEK);
	if (!(m->flags & MSG_PEEK))
		done_with(u, q, n);
	return r;
}

// Bytes from the queue. Descriptors come with the first byte of what they were sent with, and
// reading stops behind that message.
static ssize_t recv_stream(struct unix_sock *u, struct msg *m, bool first)
{
	ssize_t done = 0;

	list_for_each_safe(l, &u->queue) {
		struct unix_msg *q = list_entry(l, struct unix_msg, link);
		size_t n = MIN(m->it->left, q->len - q->off);
		bool passed = q->files != NULL;
		ssize_t r;

		if (!n || (passed && (done || !first)))
			break;
		r = iov_copy_out(m->it, q->data + q->off, n);
		if (r < 0)
			return done ? done : r;
		if (!done && first)
			unix_pass_out(u, m, q, m->flags & MSG_PEEK);
		done += r;
		if (!(m->flags & MSG_PEEK))
			done_with(u, q, (size_t)r);
		if (passed)
			break;
	}
	return done;
}

// Why there is nothing: 1: wait, 0: the end, or a negative errno.
static int nothing(struct unix_sock *u)
{
	if (u->s.error)
		return sock_error(&u->s);
	if (!unix_is_dgram(u) && u->peer_gone)
		return 0;
	if (u->rd_shut)
		return 0;
	if (!unix_is_dgram(u) && !u->connected)
		return u->s.type == SOCK_STREAM ? -EINVAL : -ENOTCONN;
	return 1;
}

ssize_t unix_recv(struct sock *s, struct msg *m)
{
	struct unix_sock *u = unix_of(s);
	uint64_t deadline = sock_deadline(s->rcv_timeout);
	bool stream = s->type == SOCK_STREAM;
	size_t want =
		stream && (m->flags & (MSG_WAITALL | MSG_PEEK)) == MSG_WAITALL ? m->it->left : 1;
	ssize_t done = 0, r = 0;
	struct waiter w;

	if (stream && !m->it->left)
		return 0;
	wait_begin(&s->wq, &w);
	for (;;) {
		if (!list_empty(&u->queue)) {
			r = stream ? recv_stream(u, m, !done) : recv_message(u, m);
			if (!stream || r <= 0)
				break;
			done += r;
			if ((size_t)done >= want)
				break;
		}
		r = nothing(u);
		if (r <= 0)
			break;
		r = sock_wait(s, &w, deadline, m->nowait);
		if (r)
			break;
	}
	wait_end(&w);
	return done ? done : r;
}
