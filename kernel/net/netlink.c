// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// AF_NETLINK: sockets to the kernel, of which NETLINK_ROUTE is there. See netlink.h. What is sent
// is answered at once, into the socket's own queue of datagrams.
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <linux/process.h>
#include <linux/syscall.h>
#include <mm/mm.h>
#include <net/netlink.h>

#define SOL_NETLINK 270 /* include/linux/socket.h */
#define REQUEST_MAX 8192
#define QUEUE_MAX 212992 /* bytes, as net.core.rmem_default */

struct nl_sock {
	struct sock s;
	uint32_t port, groups; // 0: not bound yet
	struct list queue;     // of struct nl_datagram
	uint32_t queued;
};

static struct nl_sock *nl_of(struct sock *s)
{
	return container_of(s, struct nl_sock, s);
}

static struct nl_datagram *fresh_datagram(struct nl_answer *a, uint32_t room)
{
	struct nl_datagram *d = kzalloc(sizeof(*d) + room);

	a->failed |= !d;
	if (!d)
		return NULL;
	d->room = room;
	list_add_tail(&a->datagrams, &d->link);
	return d;
}

void *nl_begin(struct nl_answer *a, uint16_t type, size_t header)
{
	size_t len = NLMSG_HDRLEN + NLMSG_ALIGN(header);
	struct nl_datagram *d =
		list_empty(&a->datagrams) ? NULL : list_entry(a->datagrams.prev, struct nl_datagram, link);
	struct nlmsghdr *h;

	if (!d || d->len + NL_MESSAGE > d->room)
		d = fresh_datagram(a, NL_DATAGRAM);
	if (!d)
		return NULL;
	a->at = d->len;
	h = (struct nlmsghdr *)(d->data + a->at);
	h->nlmsg_type = type;
	h->nlmsg_flags = a->flags;
	h->nlmsg_seq = a->seq;
	h->nlmsg_pid = a->pid;
	d->len += (uint32_t)len;
	return h + 1;
}

void nl_attr(struct nl_answer *a, uint16_t type, const void *data, size_t len)
{
	struct nl_datagram *d = list_entry(a->datagrams.prev, struct nl_datagram, link);
	struct nlattr *t = (struct nlattr *)(d->data + d->len);

	kassert(d->len - a->at + NLA_HDRLEN + NLA_ALIGN(len) <= NL_MESSAGE);
	t->nla_len = (uint16_t)(NLA_HDRLEN + len);
	t->nla_type = type;
	memcpy(t + 1, data, len);
	d->len += (uint32_t)(NLA_HDRLEN + NLA_ALIGN(len));
}

void nl_end(struct nl_answer *a)
{
	struct nl_datagram *d = list_entry(a->datagrams.prev, struct nl_datagram, link);

	((struct nlmsghdr *)(d->data + a->at))->nlmsg_len = d->len - a->at;
}

static void answer_drop(struct list *datagrams)
{
	list_for_each_safe(l, datagrams) {
		list_del(l);
		kfree(list_entry(l, struct nl_datagram, link));
	}
}

// The error message, or the acknowledgement with error 0: the request's header goes along. It is a
// datagram of its own, as is a dump's end: so does Linux, and glibc counts on it.
static void put_error(struct nl_answer *a, const struct nlmsghdr *h, int error)
{
	struct nlmsgerr *e;

	a->flags = 0;
	e = fresh_datagram(a, NL_MESSAGE) ? nl_begin(a, NLMSG_ERROR, sizeof(*e)) : NULL;
	if (!e)
		return;
	e->error = error;
	e->msg = *h;
	nl_end(a);
}

static void put_done(struct nl_answer *a)
{
	if (fresh_datagram(a, NL_MESSAGE) && nl_begin(a, NLMSG_DONE, sizeof(int32_t)))
		nl_end(a);
}

static void handle(struct nl_sock *n, const struct nlmsghdr *h, struct nl_answer *a)
{
	bool dump = (h->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	int r;

	a->seq = h->nlmsg_seq;
	a->pid = n->port;
	a->flags = dump ? NLM_F_MULTI : 0;
	r = netlink_route(a, h, h->nlmsg_len);
	if (r)
		put_error(a, h, r);
	else if (dump)
		put_done(a);
	else if (h->nlmsg_flags & NLM_F_ACK)
		put_error(a, h, 0);
}

static void port_choose(struct nl_sock *n)
{
	static uint32_t others;

	if (!n->port) // libraries open more than one; only the first can have the process's number
		n->port = others ? 0x80000000u + others : (uint32_t)current_process()->pid;
	others++;
}

static ssize_t nl_send(struct sock *s, struct msg *m)
{
	struct nl_sock *n = nl_of(s);
	struct nl_answer a = { .datagrams = LIST_INIT(a.datagrams) };
	size_t len = m->it->left, off = 0;
	const struct sockaddr_nl *to = (const void *)&m->name;
	uint8_t *buf;
	ssize_t r;

	if (m->name_len && (m->name_len < sizeof(*to) || to->nl_family != AF_NETLINK))
		return -EINVAL;
	if (m->name_len && to->nl_pid) // to another socket of the program: there are none
		return -ECONNREFUSED;
	if (len > REQUEST_MAX)
		return -EMSGSIZE;
	if (!n->port)
		port_choose(n);
	buf = kmalloc(len ? len : 1);
	if (!buf)
		return -ENOBUFS;
	r = iov_copy_in(m->it, buf, len);
	while (r >= 0 && off + NLMSG_HDRLEN <= len) {
		const struct nlmsghdr *h = (const void *)(buf + off);

		if (h->nlmsg_len < NLMSG_HDRLEN || h->nlmsg_len > len - off)
			break;
		if ((h->nlmsg_flags & NLM_F_REQUEST) && h->nlmsg_type >= NLMSG_MIN_TYPE)
			handle(n, h, &a);
		off += MIN(NLMSG_ALIGN(h->nlmsg_len), len - off);
	}
	kfree(buf);
	if (a.failed || n->queued > QUEUE_MAX) {
		answer_drop(&a.datagrams);
		s->error = ENOBUFS;
	}
	while (!list_empty(&a.datagrams)) {
		struct nl_datagram *d = list_first(&a.datagrams, struct nl_datagram, link);

		list_del(&d->link);
		list_add_tail(&n->queue, &d->link);
		n->queued += d->len;
	}
	sock_wake(s, POLLIN | POLLRDNORM);
	return r < 0 ? r : (ssize_t)len;
}

static int wait_datagram(struct nl_sock *n, struct msg *m)
{
	uint64_t deadline = sock_deadline(n->s.rcv_timeout);
	struct waiter w;
	int r = 0;

	wait_begin(&n->s.wq, &w);
	while (list_empty(&n->queue) && !r) {
		r = sock_error(&n->s);
		if (!r)
			r = sock_wait(&n->s, &w, deadline, m->nowait);
	}
	wait_end(&w);
	return r;
}

static ssize_t nl_recv(struct sock *s, struct msg *m)
{
	struct nl_sock *n = nl_of(s);
	struct sockaddr_nl from = { .nl_family = AF_NETLINK };
	struct nl_datagram *d;
	ssize_t r = wait_datagram(n, m);
	size_t len;

	if (r)
		return r;
	d = list_first(&n->queue, struct nl_datagram, link);
	len = d->len;
	r = m->it->left ? iov_copy_out(m->it, d->data, len) : 0;
	if (r < 0)
		return r;
	memcpy(&m->name, &from, sizeof(from));
	m->name_len = sizeof(from);
	if ((size_t)r < len)
		m->out_flags |= MSG_TRUNC;
	if (!(m->flags & MSG_PEEK)) {
		n->queued -= d->len;
		list_del(&d->link);
		kfree(d);
	}
	return m->flags & MSG_TRUNC ? (ssize_t)len : r;
}

static int nl_bind(struct sock *s, const struct linux_sockaddr *a, unsigned len)
{
	const struct sockaddr_nl *at = (const void *)a;
	struct nl_sock *n = nl_of(s);

	if (len < sizeof(*at) || at->nl_family != AF_NETLINK)
		return -EINVAL;
	if (n->port && at->nl_pid && at->nl_pid != n->port)
		return -EINVAL;
	if (at->nl_pid)
		n->port = at->nl_pid;
	n->groups = at->nl_groups;
	port_choose(n);
	return 0;
}

static int nl_connect(struct sock *s, const struct linux_sockaddr *a, unsigned len, bool nowait)
{
	const struct sockaddr_nl *to = (const void *)a;

	if (len < sizeof(a->family))
		return -EINVAL;
	if (a->family == AF_UNSPEC)
		return 0;
	if (len < sizeof(*to) || to->nl_family != AF_NETLINK)
		return -EINVAL;
	if (to->nl_pid)
		return -ECONNREFUSED;
	if (!nl_of(s)->port)
		port_choose(nl_of(s));
	return 0;
}

static int nl_name(struct sock *s, struct linux_sockaddr *a, bool peer)
{
	struct sockaddr_nl name = { .nl_family = AF_NETLINK };

	if (!peer) {
		name.nl_pid = nl_of(s)->port;
		name.nl_groups = nl_of(s)->groups;
	}
	memcpy(a, &name, sizeof(name));
	return sizeof(name);
}

static uint32_t nl_poll(struct sock *s)
{
	return POLLOUT | POLLWRNORM | (list_empty(&nl_of(s)->queue) ? 0 : POLLIN | POLLRDNORM) |
	       (s->error ? POLLERR : 0);
}

static int nl_shutdown(struct sock *s, int how)
{
	return -EOPNOTSUPP;
}

// What is switched on or joined here changes nothing in answers that are always whole.
static int nl_setopt(struct sock *s, int level, int name, const void *val, unsigned len)
{
	if (level != SOL_NETLINK)
		return -ENOPROTOOPT;
	switch (name) {
	case NETLINK_ADD_MEMBERSHIP:
	case NETLINK_DROP_MEMBERSHIP:
		return len >= sizeof(int) && *(const unsigned *)val - 1 < RTNLGRP_MAX ? 0 : -EINVAL;
	case NETLINK_NO_ENOBUFS:
	case NETLINK_CAP_ACK:
	case NETLINK_EXT_ACK:
	case NETLINK_GET_STRICT_CHK: return 0;
	default: return -ENOPROTOOPT;
	}
}

static void nl_release(struct sock *s, bool nonblock)
{
	answer_drop(&nl_of(s)->queue);
	kfree(nl_of(s));
}

static const struct sock_ops nl_ops = {
	.bind = nl_bind,
	.connect = nl_connect,
	.name = nl_name,
	.send = nl_send,
	.recv = nl_recv,
	.poll = nl_poll,
	.shutdown = nl_shutdown,
	.setopt = nl_setopt,
	.release = nl_release,
};

static int nl_create(int family, int type, int protocol, struct sock **out)
{
	struct nl_sock *n;

	if (type != SOCK_RAW && type != SOCK_DGRAM)
		return -ESOCKTNOSUPPORT;
	if (protocol != NETLINK_ROUTE)
		return -EPROTONOSUPPORT;
	n = kzalloc(sizeof(*n));
	if (!n)
		return -ENOMEM;
	sock_init(&n->s, &nl_ops, family, type, protocol);
	n->s.rcvbuf = n->s.sndbuf = QUEUE_MAX;
	list_init(&n->queue);
	*out = &n->s;
	return 0;
}

const struct sock_family netlink_family = { .create = nl_create };
