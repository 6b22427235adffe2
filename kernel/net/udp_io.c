// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Datagrams of UDP sockets.
#include <linux/process.h>
#include <lwip/udp.h>
#include <net/netif.h>
#include <net/udp_sock.h>

#define FIONREAD 0x541b /* SIOCINQ: the length of the next datagram */
#define TIOCOUTQ 0x5411
#define PAYLOAD_MAX 65507 /* 65535 less the headers of IPv4 and UDP */

struct pktinfo { // struct in_pktinfo, ip(7)
	int32_t ifindex;
	uint32_t spec_dst, addr;
};
struct pktinfo6 { // struct in6_pktinfo, RFC 3542, 6
	uint8_t addr[16];
	int32_t ifindex;
};

static void tell_v4(struct udp_sock *u, struct msg *m, const struct datagram *d)
{
	struct pktinfo info = { .ifindex = d->netif,
				.spec_dst = ip_addr_get_ip4_u32(&d->to),
				.addr = ip_addr_get_ip4_u32(&d->to) };
	int ttl = d->ttl;

	if (u->in.pktinfo)
		msg_control(m, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info));
	if (u->in.recvttl)
		msg_control(m, IPPROTO_IP, IP_TTL, &ttl, sizeof(ttl));
	if (u->in.recvtos)
		msg_control(m, IPPROTO_IP, IP_TOS, &d->tos, 1);
}

static void tell_v6(struct udp_sock *u, struct msg *m, const struct datagram *d)
{
	struct pktinfo6 info = { .ifindex = d->netif };
	struct linux_sockaddr a;
	int tc = d->tos, hops = d->ttl;

	inet_address_out(&u->in, &d->to, 0, &a);
	memcpy(info.addr, ((struct linux_sockaddr_in6 *)&a)->addr, 16);
	if (u->in.pktinfo6)
		msg_control(m, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info));
	if (u->in.recvhops)
		msg_control(m, IPPROTO_IPV6, IPV6_HOPLIMIT, &hops, sizeof(hops));
	if (u->in.recvtos)
		msg_control(m, IPPROTO_IPV6, IPV6_TCLASS, &tc, sizeof(tc));
}

static void tell_how(struct udp_sock *u, struct msg *m, const struct datagram *d)
{
	if (u->in.s.timestamp) {
		uint64_t now = time_now() + (uint64_t)time_wall_offset();
		struct linux_timeval tv = { .sec = (int64_t)(now / NSEC),
					    .usec = (int64_t)(now % NSEC / 1000) };

		msg_control(m, SOL_SOCKET, SO_TIMESTAMP_OLD, &tv, sizeof(tv));
	}
	if (IP_IS_V4_VAL(d->to))
		tell_v4(u, m, d);
	if (u->in.s.family == AF_INET6)
		tell_v6(u, m, d);
}

static ssize_t copy_datagram(struct msg *m, const struct datagram *d)
{
	size_t want = MIN((size_t)d->p->tot_len, m->it->left);
	ssize_t done = 0;

	for (struct pbuf *p = d->p; p && (size_t)done < want; p = p->next) {
		ssize_t r =
			iov_copy_out(m->it, p->payload, MIN((size_t)p->len, want - (size_t)done));

		if (r < 0)
			return r;
		done += r;
	}
	if (want < d->p->tot_len)
		m->out_flags |= MSG_TRUNC;
	return m->flags & MSG_TRUNC ? d->p->tot_len : done;
}

ssize_t udp_sock_recv(struct sock *s, struct msg *m)
{
	struct udp_sock *u = udp_of(s);
	uint64_t deadline = sock_deadline(s->rcv_timeout);
	struct datagram *d;
	struct waiter w;
	ssize_t r = 0;

	wait_begin(&s->wq, &w);
	while (!r && list_empty(&u->queue)) {
		r = sock_error(s);
		if (r || u->rd_shut)
			break;
		if (m->nowait)
			net_spin();
		r = m->nowait && !list_empty(&u->queue) ? 0 : sock_wait(s, &w, deadline, m->nowait);
	}
	wait_end(&w);
	if (list_empty(&u->queue))
		return r;
	d = list_first(&u->queue, struct datagram, link);
	m->name_len = (unsigned)inet_address_out(&u->in, &d->from, d->port, &m->name);
	r = copy_datagram(m, d);
	if (r >= 0)
		tell_how(u, m, d);
	if (!(m->flags & MSG_PEEK))
		datagram_free(u, d);
	return r;
}

// Where it goes and from where: the message's own address, else the connected one; IP_PKTINFO names
// the source.
struct route {
	ip_addr_t to, from;
	uint16_t port;
	int ttl, tos; // -1: the socket's
};

// Hop limit and traffic class of one datagram (ip(7), RFC 3542). false: it is neither of them.
static bool hop_control(const struct linux_cmsghdr *c, struct route *rt, int *err)
{
	bool v4 = c->level == IPPROTO_IP && (c->type == IP_TTL || c->type == IP_TOS),
	     v6 = c->level == IPPROTO_IPV6 && (c->type == IPV6_HOPLIMIT || c->type == IPV6_TCLASS);
	int v;

	if (!v4 && !v6)
		return false;
	if (c->len < sizeof(*c) + sizeof(v)) {
		*err = -EINVAL;
		return true;
	}
	memcpy(&v, c + 1, sizeof(v));
	*err = v < -1 || v > 255 || (v4 && v < 0) ? -EINVAL : 0;
	*(c->type == (v4 ? IP_TTL : IPV6_HOPLIMIT) ? &rt->ttl : &rt->tos) = v;
	return true;
}

static int from_control(struct udp_sock *u, const struct msg *m, struct route *rt)
{
	const struct linux_cmsghdr *c = NULL;
	int r = 0;

	while (!r && (c = msg_next_control(m, c))) {
		const void *data = c + 1;

		if (hop_control(c, rt, &r))
			continue;
		if (c->level == IPPROTO_IP && c->type == IP_PKTINFO &&
		    c->len >= sizeof(*c) + sizeof(struct pktinfo)) {
			const struct pktinfo *i = data;

			if (i->spec_dst)
				ip_addr_set_ip4_u32_val(rt->from, i->spec_dst);
		} else if (c->level == IPPROTO_IPV6 && c->type == IPV6_PKTINFO &&
			   c->len >= sizeof(*c) + sizeof(struct pktinfo6)) {
			const struct pktinfo6 *i = data;
			struct linux_sockaddr_in6 a = { .family = AF_INET6 };
			uint16_t port;

			memcpy(a.addr, i->addr, 16);
			if (inet_address_in(&u->in, (const struct linux_sockaddr *)&a, sizeof(a),
					    &rt->from, &port))
				return -EINVAL;
		} else if (c->level == SOL_SOCKET) {
			return -EINVAL;
		}
	}
	if (r)
		return r;
	if (!ip_addr_isany(&rt->from) && !inet_is_local(&rt->from) && !u->in.freebind)
		return -EINVAL;
	return 0;
}

static int find_route(struct udp_sock *u, struct msg *m, struct route *rt)
{
	int r;

	if (m->name_len) {
		r = inet_address_in(&u->in, &m->name, m->name_len, &rt->to, &rt->port);
		if (r)
			return r;
		if (!rt->port)
			return -EINVAL;
	} else if (u->connected) {
		rt->to = u->in.remote_ip;
		rt->port = u->in.remote_port;
	} else {
		return -EDESTADDRREQ;
	}
	if (ip_addr_isany(&rt->to))
		ip_addr_set_loopback(IP_IS_V6_VAL(rt->to), &rt->to);
	if (!u->in.s.broadcast && IP_IS_V4_VAL(rt->to) &&
	    ip4_addr_get_u32(ip_2_ip4(&rt->to)) == IPADDR_BROADCAST)
		return -EACCES;
	r = udp_need_pcb(u);
	if (r)
		return r;
	rt->from = u->in.pcb->local_ip;
	rt->ttl = rt->tos = -1;
	return from_control(u, m, rt);
}

static err_t send_pbuf(struct udp_pcb *pcb, struct pbuf *p, struct route *rt)
{
	struct netif *n = ip_route(&rt->from, &rt->to);
	const ip_addr_t *from = &rt->from;
	u8_t ttl, tos;
	err_t e;

	if (!n)
		return ERR_RTE;
	if (ip_addr_isany(from) || ip_addr_ismulticast(from))
		from = ip_netif_get_local_ip(n, &rt->to);
	if (!from)
		return ERR_RTE;
	ttl = pcb->ttl;
	tos = pcb->tos;
	pcb->ttl = rt->ttl < 0 ? ttl : (u8_t)rt->ttl;
	pcb->tos = rt->tos < 0 ? tos : (u8_t)rt->tos;
	e = udp_sendto_if_src(pcb, p, &rt->to, rt->port, n, from);
	pcb->ttl = ttl;
	pcb->tos = tos;
	return e;
}

ssize_t udp_sock_send(struct sock *s, struct msg *m)
{
	struct udp_sock *u = udp_of(s);
	size_t len = m->it->left;
	struct route rt;
	struct pbuf *p;
	ssize_t r = sock_error(s);

	if (r)
		return r;
	if (u->wr_shut) {
		sock_pipe_signal(m);
		return -EPIPE;
	}
	if (len > PAYLOAD_MAX)
		return -EMSGSIZE;
	r = find_route(u, m, &rt);
	if (r)
		return r;
	p = pbuf_alloc(PBUF_TRANSPORT, (u16_t)len, PBUF_RAM);
	if (!p)
		return -ENOBUFS;
	r = iov_copy_in(m->it, p->payload, len);
	if (r == (ssize_t)len) {
		int e = inet_errno(send_pbuf((struct udp_pcb *)u->in.pcb, p, &rt));

		r = e ? e : r;
	} else if (r >= 0) {
		r = -EFAULT;
	}
	pbuf_free(p);
	u->in.local_port = ((struct udp_pcb *)u->in.pcb)->local_port;
	net_run();
	return r;
}

long udp_sock_ioctl(struct sock *s, unsigned cmd, unsigned long arg)
{
	struct udp_sock *u = udp_of(s);
	int v = 0;

	if (cmd == FIONREAD)
		v = list_empty(&u->queue)
			    ? 0
			    : list_first(&u->queue, struct datagram, link)->p->tot_len;
	else if (cmd != TIOCOUTQ)
		return inet_ioctl(s, cmd, arg);
	return copy_to_user((void *)arg, &v, sizeof(v));
}
