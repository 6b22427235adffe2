// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Data of TCP sockets. Sending copies once, from the program's memory into segments; constants of
// the image (sendfile) are not copied at all. Receiving copies once, from the frames' pbufs.
#include <linux/process.h>
#include <mm/mm.h>
#include <net/netif.h>
#include <net/tcp_sock.h>

#define FIONREAD 0x541b /* SIOCINQ */
#define TIOCOUTQ 0x5411 /* SIOCOUTQ */
#define SIOCATMARK 0x8905
#define WRITE_MAX 0xf000 /* tcp_write's length is 16 bits */

// What may still be queued: lwIP's limit less what SO_SNDBUF keeps back.
unsigned tcp_space(struct tcp_sock *t)
{
	unsigned free = tcp_pcb_of(t)->snd_buf,
		 used = net_tcp_send_buffer - MIN(free, net_tcp_send_buffer);
	unsigned limit = net_tcp_send_buffer;

	if (t->in.s.sndbuf != 16384 && t->in.s.sndbuf < limit)
		limit = t->in.s.sndbuf;
	return used < limit ? limit - used : 0;
}

// As Linux: writable again when a third is free (include/net/sock.h: __sk_stream_is_writeable).
bool tcp_writable(struct tcp_sock *t)
{
	unsigned free = tcp_space(t), used = net_tcp_send_buffer - tcp_pcb_of(t)->snd_buf;

	return free >= used / 2 && free && tcp_sndqueuelen(tcp_pcb_of(t)) < TCP_SND_QUEUELEN / 2;
}

uint32_t tcp_sock_poll(struct sock *s)
{
	struct tcp_sock *t = tcp_of(s);
	bool rd_over = t->rx_fin || t->rd_shut || t->stage == TCP_GONE;
	bool wr_over = t->wr_shut || t->stage == TCP_GONE;
	uint32_t mask = s->error ? POLLERR : 0;

	if (t->stage == TCP_LISTENING)
		return mask | (list_empty(&t->accept_queue) ? 0 : POLLIN | POLLRDNORM);
	if (t->stage == TCP_NEW)
		return mask | POLLHUP | POLLOUT | POLLWRNORM;
	if (t->stage == TCP_CONNECTING)
		return mask;
	if (rd_over)
		mask |= POLLIN | POLLRDNORM | POLLRDHUP;
	if (rd_over && wr_over)
		mask |= POLLHUP;
	if (t->rx_bytes >= (unsigned)s->rcvlowat)
		mask |= POLLIN | POLLRDNORM;
	if (wr_over || !t->in.pcb || tcp_writable(t))
		mask |= POLLOUT | POLLWRNORM;
	return mask;
}

// lwIP copies by itself, so the pages must be there: nothing can take them away again before it has
// (the kernel lock).
static int touch(const uint8_t *base, size_t n)
{
	uint32_t word;

	if (!user_range_ok(base, n))
		return -EFAULT;
	for (uintptr_t p = (uintptr_t)base & ~3ul; p < (uintptr_t)base + n;
	     p = (p & ~(PAGE_SIZE - 1)) + PAGE_SIZE)
		if (user_load32((const uint32_t *)p, &word))
			return -EFAULT;
	return 0;
}

// Queues what fits of the iterator's first piece. Gives bytes, or 0: wait, or a negative errno.
static ssize_t queue_piece(struct tcp_sock *t, struct iov_iter *it)
{
	const uint8_t *base;
	size_t n = tcp_space(t);
	u8_t flags = TCP_WRITE_FLAG_COPY;
	err_t e;

	iov_iter_advance(it, 0);
	base = (const uint8_t *)it->iov->base + it->skip;
	n = MIN(MIN(n, it->iov->len - it->skip), (size_t)WRITE_MAX);
	if (!n)
		return 0;
	if (!it->kernel && touch(base, n))
		return -EFAULT;
	if (it->kernel && !pa_is_ram(page_pa(base)))
		flags = 0; // of the image: never changes, never goes
	if (n < it->left)
		flags |= TCP_WRITE_FLAG_MORE;
	e = tcp_write(tcp_pcb_of(t), base, (u16_t)n, flags);
	if (e == ERR_MEM)
		return tcp_sndqueuelen(tcp_pcb_of(t)) ? 0 : -ENOBUFS;
	if (e)
		return inet_errno(e);
	iov_iter_advance(it, n);
	return (ssize_t)n;
}

static int send_error(struct tcp_sock *t, const struct msg *m)
{
	int r = sock_error(&t->in.s);

	if (r && r != -EPIPE)
		return r;
	sock_pipe_signal(m);
	return -EPIPE;
}

static bool can_send(const struct tcp_sock *t)
{
	return t->stage == TCP_OPEN && !t->wr_shut && !t->in.s.error && t->in.pcb;
}

static int wait_sendable(struct tcp_sock *t, struct waiter *w, uint64_t deadline,
			 const struct msg *m)
{
	if (t->in.pcb && t->stage == TCP_OPEN)
		tcp_output(tcp_pcb_of(t));
	net_run();
	if (m->nowait && t->stage == TCP_OPEN && t->in.pcb && tcp_space(t))
		return 0; // loopback has made room already
	if (m->nowait)
		net_spin();
	return sock_wait(&t->in.s, w, deadline, m->nowait);
}

static ssize_t send_all(struct tcp_sock *t, struct msg *m, struct waiter *w)
{
	uint64_t deadline = sock_deadline(t->in.s.snd_timeout);
	ssize_t done = 0, r = 0;

	while (t->stage == TCP_CONNECTING && !r)
		r = wait_sendable(t, w, deadline, m);
	while (m->it->left && r >= 0) {
		if (!can_send(t))
			return done ? done : send_error(t, m);
		r = queue_piece(t, m->it);
		if (r > 0)
			done += r;
		else if (r == 0)
			r = wait_sendable(t, w, deadline, m);
	}
	if (!done && r >= 0 && !can_send(t))
		return send_error(t, m);
	return done ? done : MIN(r, 0);
}

ssize_t tcp_sock_send(struct sock *s, struct msg *m)
{
	struct tcp_sock *t = tcp_of(s);
	struct waiter w;
	ssize_t r;

	wait_begin(&s->wq, &w);
	r = send_all(t, m, &w);
	wait_end(&w);
	if (r > 0 && t->in.pcb && t->stage == TCP_OPEN && !t->cork && !(m->flags & MSG_MORE))
		tcp_output(tcp_pcb_of(t));
	net_run();
	return r;
}

static void take(struct tcp_sock *t, unsigned n)
{
	t->rx_bytes -= n;
	for (unsigned left = n; left;) {
		struct pbuf *p = t->rx_first;
		unsigned here = MIN(left, p->len - t->rx_off);

		t->rx_off += here;
		left -= here;
		if (t->rx_off < p->len)
			break;
		t->rx_first = p->next;
		t->rx_off = 0;
		t->rx_held -= (unsigned)ksize(p);
		if (!t->rx_first)
			t->rx_last = NULL;
		p->next = NULL;
		p->tot_len = p->len;
		pbuf_free(p);
	}
	for (; n && t->in.pcb; n -= MIN(n, 0xffffu))
		tcp_recved(tcp_pcb_of(t), (u16_t)MIN(n, 0xffffu));
}

// Copies what there is, at most the iterator's length; leaves it in the queue. Gives bytes or
// -EFAULT.
static ssize_t copy_queued(struct tcp_sock *t, struct iov_iter *it, unsigned from, unsigned flags)
{
	unsigned off = t->rx_off + from;
	ssize_t done = 0;

	for (struct pbuf *p = t->rx_first; p && it->left; p = p->next) {
		unsigned n;
		ssize_t r;

		if (off >= p->len) {
			off -= p->len;
			continue;
		}
		n = (unsigned)MIN((size_t)(p->len - off), it->left);
		r = n;
		if (flags & MSG_TRUNC)
			iov_iter_advance(it, n);
		else
			r = iov_copy_out(it, (uint8_t *)p->payload + off, n);
		if (r < 0)
			return done ? done : r;
		done += r;
		if ((unsigned)r < n)
			break;
		off = 0;
	}
	return done;
}

// Why there is nothing to read: 1: wait, 0: the end, or a negative errno.
static int recv_state(struct tcp_sock *t)
{
	if (t->rx_fin)
		return 0;
	if (t->in.s.error)
		return sock_error(&t->in.s);
	if (t->rd_shut)
		return 0;
	if (t->stage == TCP_NEW || t->stage == TCP_LISTENING)
		return -ENOTCONN;
	if (t->stage == TCP_GONE)
		return t->connected_at ? 0 : -ENOTCONN;
	return 1;
}

static ssize_t recv_all(struct tcp_sock *t, struct msg *m, struct waiter *w)
{
	uint64_t deadline = sock_deadline(t->in.s.rcv_timeout);
	size_t want =
		m->flags & MSG_WAITALL ? m->it->left : MIN(m->it->left, (size_t)t->in.s.rcvlowat);
	bool peek = m->flags & MSG_PEEK;
	ssize_t done = 0, r;

	for (;;) {
		r = copy_queued(t, m->it, peek ? (unsigned)done : 0, m->flags);
		if (r > 0) {
			done += r;
			if (!peek)
				take(t, (unsigned)r);
		}
		if (r < 0 || (size_t)done >= want)
			break;
		r = recv_state(t);
		if (r <= 0)
			break;
		if (m->nowait)
			net_spin();
		r = m->nowait && t->rx_bytes > (peek ? (unsigned)done : 0)
			    ? 0
			    : sock_wait(&t->in.s, w, deadline, m->nowait);
		if (r)
			break;
	}
	return done ? done : r;
}

ssize_t tcp_sock_recv(struct sock *s, struct msg *m)
{
	struct tcp_sock *t = tcp_of(s);
	struct waiter w;
	ssize_t r;

	wait_begin(&s->wq, &w);
	r = recv_all(t, m, &w);
	wait_end(&w);
	net_run();
	return r;
}

long tcp_sock_ioctl(struct sock *s, unsigned cmd, unsigned long arg)
{
	struct tcp_sock *t = tcp_of(s);
	int v = 0;

	if (cmd == FIONREAD || cmd == TIOCOUTQ) {
		if (t->stage == TCP_LISTENING)
			return -EINVAL;
		if (cmd == FIONREAD)
			v = (int)t->rx_bytes;
		else if (t->in.pcb && t->stage == TCP_OPEN)
			v = (int)(net_tcp_send_buffer - tcp_pcb_of(t)->snd_buf);
	} else if (cmd != SIOCATMARK) {
		return inet_ioctl(s, cmd, arg);
	}
	return copy_to_user((void *)arg, &v, sizeof(v));
}
