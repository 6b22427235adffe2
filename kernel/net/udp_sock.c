// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// UDP sockets on lwIP's raw API.
//
// The pcb is made by the first bind, connect or send, when it is known which version of IP it
// speaks. Received datagrams wait as lwIP's pbufs, with where they came from in front; what does
// not fit into SO_RCVBUF is dropped, as on Linux.
#include <linux/process.h>
#include <lwip/udp.h>
#include <mm/mm.h>
#include <net/netif.h>
#include <net/udp_sock.h>

#define DEFAULT_BUF 212992 /* net.core.rmem_default */

static void on_recv(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *addr,
		    u16_t port)
{
	struct udp_sock *u = arg;
	struct datagram *d;
	unsigned held = (unsigned)sizeof(*d);

	for (struct pbuf *q = p; q; q = q->next)
		held += (unsigned)ksize(q);
	if (u->rd_shut || u->held + held > u->in.s.rcvbuf || !(d = kmalloc(sizeof(*d)))) {
		pbuf_free(p);
		return;
	}
	*d = (struct datagram){
		.p = p, .from = *addr, .port = port, .to = *ip_current_dest_addr(), .held = held
	};
	d->netif = netif_get_index(ip_current_input_netif());
	d->ttl = ip_current_is_v6() ? IP6H_HOPLIM(ip6_current_header())
				    : IPH_TTL(ip4_current_header());
	d->tos = ip_current_is_v6() ? IP6H_TC(ip6_current_header()) : IPH_TOS(ip4_current_header());
	list_add_tail(&u->queue, &d->link);
	u->held += held;
	sock_wake(&u->in.s, POLLIN | POLLRDNORM);
}

static struct udp_pcb *pcb_of(struct udp_sock *u)
{
	return (struct udp_pcb *)u->in.pcb;
}

static void set_pcb_options(struct udp_sock *u)
{
	struct udp_pcb *pcb = pcb_of(u);

	inet_pcb_options(&u->in);
	if (!pcb)
		return;
	pcb->mcast_ttl = u->in.mcast_ttl;
	udp_setflags(pcb, (u8_t)((pcb->flags & ~UDP_FLAGS_MULTICAST_LOOP) |
				 (u->in.mcast_loop ? UDP_FLAGS_MULTICAST_LOOP : 0)));
}

// Another socket with the same port is allowed if both say so; lwIP compares only SO_REUSEADDR,
// which is what we give it.
static int bind_to(struct udp_sock *u, ip_addr_t *ip, uint16_t port)
{
	struct udp_pcb *pcb = pcb_of(u);
	err_t e;

	if (!pcb) {
		pcb = udp_new_ip_type(IP_GET_TYPE(ip));
		if (!pcb)
			return -ENOBUFS;
		u->in.pcb = (struct ip_pcb *)pcb;
		udp_recv(pcb, on_recv, u);
	}
	set_pcb_options(u);
	e = udp_bind(pcb, ip, port);
	if (e)
		return e == ERR_BUF ? -EADDRINUSE : inet_errno(e);
	u->in.local_ip = pcb->local_ip;
	u->in.local_port = pcb->local_port;
	return 0;
}

static int bind_any(struct udp_sock *u)
{
	ip_addr_t any;

	if (u->in.pcb && pcb_of(u)->local_port)
		return 0;
	inet_any(&u->in, &any);
	IP_SET_TYPE_VAL(any, inet_pcb_type(&u->in));
	return bind_to(u, &any, 0);
}

static int udp_sock_bind(struct sock *s, const struct linux_sockaddr *a, unsigned len)
{
	struct udp_sock *u = udp_of(s);
	ip_addr_t ip;
	uint16_t port;
	int r = inet_address_in(&u->in, a, len, &ip, &port);

	if (!r)
		r = u->in.local_port ? -EINVAL : inet_check_bind(&u->in, &ip, port);
	if (!r && ip_addr_isany(&ip) && s->family == AF_INET6 && IP_IS_V6_VAL(ip))
		IP_SET_TYPE_VAL(ip, inet_pcb_type(&u->in));
	if (!r)
		r = bind_to(u, &ip, port);
	if (!r)
		u->in.bound = true;
	return r;
}

static int disconnect(struct udp_sock *u)
{
	if (!u->in.pcb)
		return 0;
	udp_disconnect(pcb_of(u));
	u->connected = false;
	inet_any(&u->in, &u->in.remote_ip);
	u->in.remote_port = 0;
	if (!u->in.bound) {
		inet_any(&u->in, &pcb_of(u)->local_ip);
		IP_SET_TYPE_VAL(pcb_of(u)->local_ip, inet_pcb_type(&u->in));
		u->in.local_ip = pcb_of(u)->local_ip;
	}
	return 0;
}

// A connected socket has one version of IP and, as on Linux, one local address from then on.
static int fix_local(struct udp_sock *u, const ip_addr_t *remote)
{
	struct udp_pcb *pcb = pcb_of(u);
	const ip_addr_t *local;
	struct netif *n;

	if (!ip_addr_isany(&pcb->local_ip))
		return IP_GET_TYPE(&pcb->local_ip) == IP_GET_TYPE(remote) ? 0 : -ENETUNREACH;
	n = ip_route(&pcb->local_ip, remote);
	local = n ? ip_netif_get_local_ip(n, remote) : NULL;
	if (!local)
		return -ENETUNREACH;
	ip_addr_copy(pcb->local_ip, *local);
	u->in.local_ip = *local;
	return 0;
}

static int udp_sock_connect(struct sock *s, const struct linux_sockaddr *a, unsigned len,
			    bool nowait)
{
	struct udp_sock *u = udp_of(s);
	ip_addr_t ip;
	uint16_t port;
	int r;

	if (len >= sizeof(a->family) && a->family == AF_UNSPEC)
		return disconnect(u);
	r = inet_address_in(&u->in, a, len, &ip, &port);
	if (!r)
		r = bind_any(u);
	if (r)
		return r;
	if (u->connected)
		disconnect(u);
	if (ip_addr_isany(&ip))
		ip_addr_set_loopback(IP_IS_V6_VAL(ip), &ip);
	if (!s->broadcast && IP_IS_V4_VAL(ip) &&
	    ip4_addr_get_u32(ip_2_ip4(&ip)) == IPADDR_BROADCAST)
		return -EACCES;
	r = fix_local(u, &ip);
	if (r)
		return r;
	r = inet_errno(udp_connect(pcb_of(u), &ip, port));
	if (r)
		return r;
	u->connected = true;
	u->in.remote_ip = ip;
	u->in.remote_port = port;
	return 0;
}

static int udp_sock_name(struct sock *s, struct linux_sockaddr *a, bool peer)
{
	struct udp_sock *u = udp_of(s);

	if (peer && !u->connected)
		return -ENOTCONN;
	if (peer)
		return inet_address_out(&u->in, &u->in.remote_ip, u->in.remote_port, a);
	return inet_address_out(&u->in, &u->in.local_ip, u->in.local_port, a);
}

static uint32_t udp_sock_poll(struct sock *s)
{
	struct udp_sock *u = udp_of(s);
	uint32_t mask = POLLOUT | POLLWRNORM;

	if (s->error)
		mask |= POLLERR;
	if (!list_empty(&u->queue) || u->rd_shut)
		mask |= POLLIN | POLLRDNORM;
	if (u->rd_shut)
		mask |= POLLRDHUP;
	if (u->rd_shut && u->wr_shut)
		mask |= POLLHUP;
	return mask;
}

static int udp_sock_shutdown(struct sock *s, int how)
{
	struct udp_sock *u = udp_of(s);

	if (!u->connected)
		return -ENOTCONN;
	if (how != SHUT_WR)
		u->rd_shut = true;
	if (how != SHUT_RD)
		u->wr_shut = true;
	sock_wake(s, POLLIN | POLLRDHUP | POLLHUP);
	return 0;
}

void datagram_free(struct udp_sock *u, struct datagram *d)
{
	list_del(&d->link);
	u->held -= d->held;
	pbuf_free(d->p);
	kfree(d);
}

static void udp_sock_release(struct sock *s, bool nonblock)
{
	struct udp_sock *u = udp_of(s);

	while (!list_empty(&u->queue))
		datagram_free(u, list_first(&u->queue, struct datagram, link));
	if (u->in.pcb)
		udp_remove(pcb_of(u));
	kfree(u);
}

static void udp_sock_changed(struct sock *s)
{
	set_pcb_options(udp_of(s));
}

static int udp_sock_setopt(struct sock *s, int level, int name, const void *val, unsigned len)
{
	int r = inet_setopt(s, level, name, val, len);

	if (!r)
		set_pcb_options(udp_of(s));
	return r;
}

int udp_need_pcb(struct udp_sock *u)
{
	return bind_any(u);
}

// The one that sent to there is told; ECONNREFUSED is only for sockets that are connected (udp(7)).
void udp_icmp_error(const ip_addr_t *local, uint16_t lport, const ip_addr_t *remote, uint16_t rport,
		    int err)
{
	for (struct udp_pcb *p = udp_pcbs; p; p = p->next) {
		struct udp_sock *u = p->recv_arg;

		if (p->local_port != lport || p->recv != on_recv)
			continue;
		if (!u->connected && !u->in.recverr)
			continue;
		if (u->connected &&
		    (u->in.remote_port != rport || !ip_addr_cmp(&u->in.remote_ip, remote)))
			continue;
		u->in.s.error = err;
		sock_wake(&u->in.s, POLLERR | POLLIN);
	}
}

static int udp_create(int family, int protocol, struct sock **out)
{
	struct udp_sock *u = kzalloc(sizeof(*u));

	if (!u)
		return -ENOBUFS;
	inet_init(&u->in, &udp_ops, family, SOCK_DGRAM, IPPROTO_UDP);
	u->in.s.rcvbuf = u->in.s.sndbuf = DEFAULT_BUF;
	list_init(&u->queue);
	*out = &u->in.s;
	return 0;
}

const struct inet_proto sock_udp = { .create = udp_create };

const struct sock_ops udp_ops = {
	.bind = udp_sock_bind,
	.connect = udp_sock_connect,
	.name = udp_sock_name,
	.send = udp_sock_send,
	.recv = udp_sock_recv,
	.poll = udp_sock_poll,
	.shutdown = udp_sock_shutdown,
	.setopt = udp_sock_setopt,
	.getopt = inet_getopt,
	.changed = udp_sock_changed,
	.ioctl = udp_sock_ioctl,
	.release = udp_sock_release,
};
