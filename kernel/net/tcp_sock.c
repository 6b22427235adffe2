// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// TCP sockets: their life. See tcp_sock.h for the states; data moves in tcp_io.c, listening is in
// tcp_listen.c.
#include <linux/process.h>
#include <mm/mm.h>
#include <net/netif.h>
#include <net/tcp_sock.h>
#include <lwip/priv/tcp_priv.h>

#define DEFAULT_RCVBUF 131072 /* what Linux tells: net.ipv4.tcp_rmem[1], tcp_wmem[1] */
#define DEFAULT_SNDBUF 16384

struct tcp_sock *tcp_sock_new(int family)
{
	struct tcp_sock *t = kzalloc(sizeof(*t));

	if (!t)
		return NULL;
	inet_init(&t->in, &tcp_ops, family, SOCK_STREAM, IPPROTO_TCP);
	t->in.s.rcvbuf = DEFAULT_RCVBUF;
	t->in.s.sndbuf = DEFAULT_SNDBUF;
	t->keep_idle = 7200;
	t->keep_intvl = 75;
	t->keep_cnt = 9;
	t->syncnt = 6;
	t->quickack = true;
	list_init(&t->accept_queue);
	list_init(&t->accepting);
	return t;
}

void tcp_sock_options(struct tcp_sock *t)
{
	struct tcp_pcb *pcb = tcp_pcb_of(t);

	inet_pcb_options(&t->in);
	if (!pcb || t->stage == TCP_LISTENING)
		return;
	pcb->keep_idle = (u32_t)t->keep_idle * 1000;
	pcb->keep_intvl = (u32_t)t->keep_intvl * 1000;
	pcb->keep_cnt = (u32_t)t->keep_cnt;
	if (t->nodelay)
		tcp_nagle_disable(pcb);
	else
		tcp_nagle_enable(pcb);
}

static void remember_names(struct tcp_sock *t)
{
	struct tcp_pcb *pcb = tcp_pcb_of(t);

	t->in.local_ip = pcb->local_ip;
	t->in.remote_ip = pcb->remote_ip;
	t->in.local_port = pcb->local_port;
	t->in.remote_port = pcb->remote_port;
}

// The connection goes on without us, or has ended.
static void detach(struct tcp_sock *t)
{
	struct tcp_pcb *pcb = tcp_pcb_of(t);

	t->in.pcb = NULL;
	if (!pcb)
		return;
	tcp_arg(pcb, NULL);
	tcp_recv(pcb, NULL);
	tcp_sent(pcb, NULL);
	tcp_err(pcb, NULL);
}

// Nothing more can be received, so nothing but what lwIP does alone is left once our side has been
// closed too.
static void both_closed(struct tcp_sock *t)
{
	if (t->in.pcb && t->rx_fin && t->wr_shut) {
		detach(t);
		t->stage = TCP_GONE;
	}
}

static err_t on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
	struct tcp_sock *t = arg;

	if (!p) {
		t->rx_fin = true;
		both_closed(t);
		sock_wake(&t->in.s, POLLIN | POLLRDNORM | POLLRDHUP | (t->wr_shut ? POLLHUP : 0));
		return ERR_OK;
	}
	if (t->rd_shut) {
		tcp_recved(pcb, p->tot_len);
		pbuf_free(p);
		return ERR_OK;
	}
	// Many small segments in large buffers: what they take is bounded too. lwIP keeps this one
	// and offers it again.
	if (t->rx_held > 4 * net_tcp_window)
		return ERR_MEM;
	t->rx_bytes += p->tot_len;
	for (struct pbuf *q = p; q; q = q->next)
		t->rx_held += (unsigned)ksize(q);
	if (t->rx_last)
		t->rx_last->next = p;
	else
		t->rx_first = p;
	while (p->next)
		p = p->next;
	t->rx_last = p;
	if (t->rx_bytes >= (unsigned)t->in.s.rcvlowat)
		sock_wake(&t->in.s, POLLIN | POLLRDNORM);
	return ERR_OK;
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t len)
{
	struct tcp_sock *t = arg;

	if (tcp_writable(t))
		sock_wake(&t->in.s, POLLOUT | POLLWRNORM);
	return ERR_OK;
}

// lwIP has freed the pcb, or is about to.
static void on_err(void *arg, err_t err)
{
	struct tcp_sock *t = arg;
	bool connecting = t->stage == TCP_CONNECTING;

	t->in.pcb = NULL;
	t->stage = TCP_GONE;
	if (err == ERR_RST)
		t->in.s.error = connecting ? ECONNREFUSED : t->rx_fin ? EPIPE : ECONNRESET;
	else if (err != ERR_CLSD)
		t->in.s.error = t->in.s.error ? t->in.s.error : ETIMEDOUT;
	sock_wake(&t->in.s, POLLIN | POLLOUT | POLLHUP | POLLERR | POLLRDHUP);
}

static err_t on_connected(void *arg, struct tcp_pcb *pcb, err_t err)
{
	struct tcp_sock *t = arg;

	t->stage = TCP_OPEN;
	t->connected_at = time_now();
	remember_names(t);
	sock_wake(&t->in.s, POLLOUT | POLLWRNORM);
	return ERR_OK;
}

void tcp_sock_adopt(struct tcp_sock *t, struct tcp_pcb *pcb)
{
	t->in.pcb = (struct ip_pcb *)pcb;
	tcp_arg(pcb, t);
	tcp_recv(pcb, on_recv);
	tcp_sent(pcb, on_sent);
	tcp_err(pcb, on_err);
	remember_names(t);
	tcp_sock_options(t);
}

// lwIP fixes the address version of a pcb when it is made, so it is made when that is known: by
// bind, listen or connect.
static int need_pcb(struct tcp_sock *t, uint8_t type)
{
	struct tcp_pcb *pcb = tcp_pcb_of(t);

	if (!pcb) {
		pcb = tcp_new_ip_type(type);
		if (!pcb)
			return -ENOBUFS;
		tcp_sock_adopt(t, pcb);
	}
	return 0;
}

static int tcp_sock_bind(struct sock *s, const struct linux_sockaddr *a, unsigned len)
{
	struct tcp_sock *t = tcp_of(s);
	ip_addr_t ip;
	uint16_t port;
	err_t e;
	int r = inet_address_in(&t->in, a, len, &ip, &port);

	if (!r)
		r = t->stage != TCP_NEW ? -EINVAL : inet_check_bind(&t->in, &ip, port);
	if (!r && ip_addr_isany(&ip) && s->family == AF_INET6 && IP_IS_V6_VAL(ip))
		IP_SET_TYPE_VAL(ip, inet_pcb_type(&t->in));
	if (!r)
		r = need_pcb(t, IP_GET_TYPE(&ip));
	if (!r && tcp_sock_taken(t, &ip, port))
		r = -EADDRINUSE;
	if (r)
		return r;
	tcp_sock_options(t);
	e = tcp_bind(tcp_pcb_of(t), &ip, port);
	if (e)
		return e == ERR_BUF ? -EADDRINUSE : inet_errno(e);
	t->in.bound = true;
	remember_names(t);
	return 0;
}

static int connect_state(struct tcp_sock *t)
{
	switch (t->stage) {
	case TCP_NEW: return 0;
	case TCP_CONNECTING: return -EALREADY;
	case TCP_OPEN:
		if (t->told_connected)
			return -EISCONN;
		t->told_connected = true;
		return 1;
	case TCP_LISTENING: return -EISCONN;
	default:
		if (t->in.s.error)
			return sock_error(&t->in.s);
		return -ECONNABORTED;
	}
}

static int wait_connected(struct tcp_sock *t)
{
	uint64_t deadline = sock_deadline(t->in.s.snd_timeout);
	struct waiter w;
	int r = 0;

	wait_begin(&t->in.s.wq, &w);
	while (t->stage == TCP_CONNECTING && !r)
		r = sock_wait(&t->in.s, &w, deadline, false);
	wait_end(&w);
	if (r)
		return r == -EAGAIN ? -EINPROGRESS : r;
	if (t->stage == TCP_OPEN) {
		t->told_connected = true;
		return 0;
	}
	r = sock_error(&t->in.s);
	return r ? r : -ECONNABORTED;
}

// A socket whose attempt failed may try again, as on Linux.
static void reset(struct tcp_sock *t)
{
	t->stage = TCP_NEW;
	t->rx_fin = t->wr_shut = t->rd_shut = false;
	t->told_connected = false;
}

static int start_connect(struct tcp_sock *t, ip_addr_t *ip, uint16_t port)
{
	struct tcp_pcb *pcb;
	err_t e;
	int r = need_pcb(t, IP_GET_TYPE(ip));

	if (r)
		return r;
	pcb = tcp_pcb_of(t);
	if (IP_GET_TYPE(&pcb->local_ip) != IP_GET_TYPE(ip)) {
		if (!ip_addr_isany(&pcb->local_ip))
			return -ENETUNREACH;
		IP_SET_TYPE_VAL(pcb->local_ip, IP_GET_TYPE(ip));
	}
	if (ip_addr_isany(ip)) // connecting to "any" means this host
		ip_addr_set_loopback(IP_IS_V6(ip), ip);
	tcp_sock_options(t);
	t->stage = TCP_CONNECTING;
	e = tcp_connect(pcb, ip, port, on_connected);
	if (e) {
		t->stage = TCP_NEW;
		return e == ERR_BUF || e == ERR_USE ? -EADDRNOTAVAIL : inet_errno(e);
	}
	if (t->in.pcb)
		remember_names(t);
	net_run();
	return 0;
}

static int disconnect(struct tcp_sock *t)
{
	struct tcp_pcb *pcb = tcp_pcb_of(t);

	if (t->stage == TCP_LISTENING)
		tcp_listen_close(t);
	else if (pcb) {
		detach(t);
		tcp_abort(pcb);
	}
	tcp_rx_drop(t);
	reset(t);
	return 0;
}

static int tcp_sock_connect(struct sock *s, const struct linux_sockaddr *a, unsigned len,
			    bool nowait)
{
	struct tcp_sock *t = tcp_of(s);
	ip_addr_t ip;
	uint16_t port;
	int r;

	if (len >= sizeof(a->family) && a->family == AF_UNSPEC)
		return disconnect(t);
	r = inet_address_in(&t->in, a, len, &ip, &port);
	if (!r)
		r = connect_state(t);
	if (r == -ECONNABORTED) {
		reset(t);
		r = 0;
	}
	if (r == -EALREADY && !nowait)
		return wait_connected(t);
	if (r)
		return r < 0 ? r : 0;
	r = start_connect(t, &ip, port);
	if (r)
		return r;
	// Also where loopback has answered already: Linux looks at answers after the call, too.
	return nowait ? -EINPROGRESS : wait_connected(t);
}

static int tcp_sock_name(struct sock *s, struct linux_sockaddr *a, bool peer)
{
	struct tcp_sock *t = tcp_of(s);

	if (peer && t->stage != TCP_OPEN)
		return -ENOTCONN;
	if (peer)
		return inet_address_out(&t->in, &t->in.remote_ip, t->in.remote_port, a);
	return inet_address_out(&t->in, &t->in.local_ip, t->in.local_port, a);
}

static int tcp_sock_shutdown(struct sock *s, int how)
{
	struct tcp_sock *t = tcp_of(s);

	if (t->stage == TCP_LISTENING && how != SHUT_WR) {
		tcp_listen_close(t);
		sock_wake(s, POLLIN | POLLHUP);
		return 0;
	}
	if (t->stage == TCP_CONNECTING && how != SHUT_RD) {
		disconnect(t);
		t->stage = TCP_GONE;
		s->error = ECONNRESET;
		sock_wake(s, POLLHUP);
		return 0;
	}
	if (t->stage != TCP_OPEN)
		return -ENOTCONN;
	if (how != SHUT_WR)
		t->rd_shut = true;
	if (how != SHUT_RD && !t->wr_shut) {
		t->wr_shut = true;
		if (t->in.pcb)
			tcp_shutdown(tcp_pcb_of(t), 0, 1);
		both_closed(t);
	}
	sock_wake(s, POLLIN | POLLOUT | POLLHUP | POLLRDHUP);
	net_run();
	return 0;
}

void tcp_rx_drop(struct tcp_sock *t)
{
	if (t->rx_first)
		pbuf_free(t->rx_first);
	t->rx_first = t->rx_last = NULL;
	t->rx_bytes = t->rx_held = t->rx_off = 0;
}

void tcp_sock_free(struct tcp_sock *t)
{
	tcp_rx_drop(t);
	kfree(t);
}

static bool all_sent(struct tcp_sock *t)
{
	const struct tcp_pcb *pcb = tcp_pcb_of(t);

	return !pcb || (!pcb->unsent && !pcb->unacked);
}

static void wait_linger(struct tcp_sock *t)
{
	int r;

	wait_until(&t->in.s.wq, all_sent(t), time_now() + (uint64_t)t->in.s.linger_s * NSEC, r);
	(void)r;
}

static void close_connection(struct tcp_sock *t, bool nonblock)
{
	struct tcp_pcb *pcb = tcp_pcb_of(t);
	bool rst =
		t->rx_bytes || (t->in.s.linger && !t->in.s.linger_s) || t->stage == TCP_CONNECTING;

	if (!rst && !t->wr_shut)
		tcp_shutdown(pcb, 0, 1);
	if (!rst && t->in.s.linger && !nonblock) {
		net_run();
		wait_linger(t);
	}
	pcb = tcp_pcb_of(t);
	if (!pcb)
		return;
	detach(t);
	if (rst)
		tcp_abort(pcb);
	else
		tcp_close(pcb);
}

static void tcp_sock_release(struct sock *s, bool nonblock)
{
	struct tcp_sock *t = tcp_of(s);

	if (t->stage == TCP_LISTENING)
		tcp_listen_close(t);
	else if (t->in.pcb && t->stage == TCP_OPEN)
		close_connection(t, nonblock);
	if (t->in.pcb) {
		struct tcp_pcb *pcb = tcp_pcb_of(t);

		detach(t);
		tcp_abort(pcb);
	}
	tcp_sock_free(t);
	net_run();
}

static void tcp_sock_changed(struct sock *s)
{
	tcp_sock_options(tcp_of(s));
}

static int tcp_create(int family, int protocol, struct sock **out)
{
	struct tcp_sock *t = tcp_sock_new(family);

	if (!t)
		return -ENOBUFS;
	*out = &t->in.s;
	return 0;
}

const struct inet_proto sock_tcp = { .create = tcp_create };

const struct sock_ops tcp_ops = {
	.bind = tcp_sock_bind,
	.connect = tcp_sock_connect,
	.listen = tcp_sock_listen,
	.accept = tcp_sock_accept,
	.name = tcp_sock_name,
	.send = tcp_sock_send,
	.recv = tcp_sock_recv,
	.poll = tcp_sock_poll,
	.shutdown = tcp_sock_shutdown,
	.setopt = tcp_sock_setopt,
	.getopt = tcp_sock_getopt,
	.changed = tcp_sock_changed,
	.ioctl = tcp_sock_ioctl,
	.release = tcp_sock_release,
};

// An ICMP error for one of our connections: it ends an attempt; of an established connection it is
// only remembered for the case that it times out (RFC 1122, 4.2.3.9).
void tcp_icmp_error(const ip_addr_t *local, uint16_t lport, const ip_addr_t *remote, uint16_t rport,
		    int err)
{
	for (struct tcp_pcb *p = tcp_active_pcbs; p; p = p->next) {
		struct tcp_sock *t = p->callback_arg;

		if (p->local_port != lport || p->remote_port != rport ||
		    !ip_addr_cmp(&p->remote_ip, remote) || !t)
			continue;
		if (p->state == SYN_SENT) {
			t->in.s.error = err;
			tcp_abandon(p, 0);
		}
		return;
	}
}
