// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// TCP sockets that listen. A connection is a struct tcp_sock from the moment it is established, so
// that data can come for it; it becomes a file when it is accepted. lwIP counts connections under
// way and waiting against the backlog and drops SYNs above.
#include <lwip/priv/tcp_priv.h>
#include <mm/mm.h>
#include <net/netif.h>
#include <net/tcp_sock.h>

static void inherit(struct tcp_sock *t, const struct tcp_sock *from)
{
	t->in.s.rcv_timeout = from->in.s.rcv_timeout;
	t->in.s.snd_timeout = from->in.s.snd_timeout;
	t->in.s.rcvbuf = from->in.s.rcvbuf;
	t->in.s.sndbuf = from->in.s.sndbuf;
	t->in.s.reuseaddr = from->in.s.reuseaddr;
	t->in.s.reuseport = from->in.s.reuseport;
	t->in.s.keepalive = from->in.s.keepalive;
	t->in.s.linger = from->in.s.linger;
	t->in.s.linger_s = from->in.s.linger_s;
	t->in.v6only = from->in.v6only;
	t->in.tos = from->in.tos;
	t->in.ttl = from->in.ttl;
	t->nodelay = from->nodelay;
	t->cork = from->cork;
	t->keep_idle = from->keep_idle;
	t->keep_intvl = from->keep_intvl;
	t->keep_cnt = from->keep_cnt;
	t->user_timeout = from->user_timeout;
}

static err_t on_accept(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct tcp_sock *l = arg, *t;

	// Connections that were reset while they waited do not count in lwIP's backlog any more,
	// but here.
	if (err || !pcb || l->accept_count > 2 * SOMAXCONN)
		return ERR_VAL;
	t = tcp_sock_new(l->in.s.family);
	if (!t)
		return ERR_MEM;
	inherit(t, l);
	t->stage = TCP_OPEN;
	t->told_connected = true;
	t->connected_at = time_now();
	t->in.bound = true;
	t->listener = l;
	tcp_sock_adopt(t, pcb);
	tcp_backlog_delayed(pcb);
	list_add_tail(&l->accept_queue, &t->accepting);
	l->accept_count++;
	sock_wake(&l->in.s, POLLIN | POLLRDNORM);
	return ERR_OK;
}

static bool overlap(const ip_addr_t *a, const ip_addr_t *b)
{
	if (IP_IS_ANY_TYPE_VAL(*a) || IP_IS_ANY_TYPE_VAL(*b))
		return true; // the wildcard of IPv6 that takes IPv4 too
	return IP_GET_TYPE(a) == IP_GET_TYPE(b) &&
	       (ip_addr_isany(a) || ip_addr_isany(b) || ip_addr_cmp(a, b));
}

// Who listens there, or on a part of it? SO_REUSEADDR is no excuse, SO_REUSEPORT on both is (Linux:
// inet_csk_bind_conflict(); socket(7)). lwIP compares equal addresses only.
bool tcp_sock_taken(const struct tcp_sock *t, const ip_addr_t *ip, uint16_t port)
{
	for (struct tcp_pcb_listen *l = tcp_listen_pcbs.listen_pcbs; l && port; l = l->next) {
		const struct tcp_sock *other = l->callback_arg;

		if (l->local_port == port && overlap(&l->local_ip, ip) &&
		    !(other && other->in.s.reuseport && t->in.s.reuseport))
			return true;
	}
	return false;
}

// Two sockets cannot listen on one address and port, whatever SO_REUSEADDR says.
int tcp_sock_listen(struct sock *s, int backlog)
{
	struct tcp_sock *t = tcp_of(s);
	struct tcp_pcb *pcb;
	ip_addr_t any;
	err_t e = ERR_OK;

	if (t->stage == TCP_LISTENING) {
		((struct tcp_pcb_listen *)t->in.pcb)->backlog = (u16_t)MAX(backlog, 1);
		return 0;
	}
	if (t->stage != TCP_NEW)
		return -EINVAL;
	if (!t->in.pcb) {
		inet_any(&t->in, &any);
		pcb = tcp_new_ip_type(inet_pcb_type(&t->in));
		if (!pcb)
			return -ENOBUFS;
		IP_SET_TYPE_VAL(any, inet_pcb_type(&t->in));
		tcp_sock_adopt(t, pcb);
		e = tcp_bind(pcb, &any, 0);
	}
	pcb = tcp_pcb_of(t);
	if (!e && tcp_sock_taken(t, &pcb->local_ip, pcb->local_port))
		return -EADDRINUSE;
	// Linux counts the backlog with one more: sk_acceptq_is_full() compares with `>`.
	pcb = e ? NULL
		: tcp_listen_with_backlog_and_err(tcp_pcb_of(t), (u16_t)MIN(backlog + 1, SOMAXCONN),
						  &e);
	if (!pcb)
		return inet_errno(e);
	t->in.pcb = (struct ip_pcb *)pcb;
	t->in.local_port = pcb->local_port;
	t->stage = TCP_LISTENING;
	tcp_arg(pcb, t);
	tcp_accept(pcb, on_accept);
	return 0;
}

static struct tcp_sock *take_first(struct tcp_sock *l)
{
	struct tcp_sock *t;

	if (list_empty(&l->accept_queue))
		return NULL;
	t = list_first(&l->accept_queue, struct tcp_sock, accepting);
	list_del(&t->accepting);
	t->listener = NULL;
	l->accept_count--;
	return t;
}

int tcp_sock_accept(struct sock *s, struct sock **out, bool nowait)
{
	struct tcp_sock *l = tcp_of(s), *t = NULL;
	uint64_t deadline = sock_deadline(s->rcv_timeout);
	struct waiter w;
	int r = 0;

	wait_begin(&s->wq, &w);
	while (!r && l->stage == TCP_LISTENING && !(t = take_first(l)))
		r = sock_wait(s, &w, deadline, nowait);
	wait_end(&w);
	if (!t) {
		if (r == -EAGAIN && nowait)
			net_spin();
		return r ? r : -EINVAL;
	}
	if (t->in.pcb)
		tcp_backlog_accepted(tcp_pcb_of(t));
	*out = &t->in.s;
	return 0;
}

void tcp_listen_close(struct tcp_sock *l)
{
	struct tcp_pcb *pcb = tcp_pcb_of(l);
	struct tcp_sock *t;

	l->in.pcb = NULL;
	l->stage = TCP_NEW;
	l->in.s.listening = false;
	while ((t = take_first(l))) {
		t->in.s.linger = true; // nobody will ever read from it: RST, as Linux
		t->in.s.linger_s = 0;
		t->in.s.ops->release(&t->in.s, true);
	}
	tcp_close(pcb);
}
