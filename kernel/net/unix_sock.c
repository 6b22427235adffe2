// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// AF_UNIX sockets: their life. See unix_sock.h.
#include <linux/process.h>
#include <mm/mm.h>
#include <net/unix_sock.h>

#define FIONREAD 0x541b
#define TIOCOUTQ 0x5411
#define LOOK_AGAIN 1 /* the name may mean another socket by now */

static const struct sock_ops unix_ops;

struct linux_ucred unix_own_cred(void)
{
	const struct process *p = current_process();

	return (struct linux_ucred){ .pid = p->pid, .uid = p->euid, .gid = p->egid };
}

struct list unix_all = LIST_INIT(unix_all);

static void unix_free(struct unix_sock *u)
{
	if (u)
		list_del(&u->all);
	kfree(u);
}

struct unix_sock *unix_new(int type)
{
	struct unix_sock *u = kzalloc(sizeof(*u));

	if (!u)
		return NULL;
	sock_init(&u->s, &unix_ops, AF_UNIX, type, 0);
	u->s.rcvbuf = u->s.sndbuf = UNIX_DEFAULT_BUF;
	u->peer_cred = (struct linux_ucred){ .pid = 0, .uid = UINT32_MAX, .gid = UINT32_MAX };
	list_init(&u->sending);
	list_init(&u->senders);
	list_init(&u->queue);
	list_init(&u->named);
	list_init(&u->accept_queue);
	list_init(&u->accepting);
	list_add_tail(&unix_all, &u->all);
	return u;
}

void unix_point(struct unix_sock *from, struct unix_sock *to)
{
	unix_unpoint(from);
	from->peer = to;
	from->connected = true;
	from->peer_gone = false;
	list_add_tail(&to->senders, &from->sending);
}

void unix_unpoint(struct unix_sock *u)
{
	list_del(&u->sending);
	u->peer = NULL;
}

static void join(struct unix_sock *a, struct unix_sock *b)
{
	unix_point(a, b);
	unix_point(b, a);
}

static int check_type(int *type, int protocol)
{
	if (protocol && protocol != AF_UNIX)
		return -EPROTONOSUPPORT;
	if (*type == SOCK_RAW)
		*type = SOCK_DGRAM; // as Linux
	return *type == SOCK_STREAM || *type == SOCK_DGRAM || *type == SOCK_SEQPACKET
		       ? 0
		       : -ESOCKTNOSUPPORT;
}

static int unix_create(int family, int type, int protocol, struct sock **out)
{
	int r = check_type(&type, protocol);
	struct unix_sock *u = r ? NULL : unix_new(type);

	if (!u)
		return r ? r : -ENOMEM;
	*out = &u->s;
	return 0;
}

static int unix_pair(int type, int protocol, struct sock *out[2])
{
	struct unix_sock *a, *b;
	int r = check_type(&type, protocol);

	if (r)
		return r;
	a = unix_new(type);
	b = unix_new(type);
	if (!a || !b) {
		unix_free(a);
		unix_free(b);
		return -ENOMEM;
	}
	join(a, b);
	a->peer_cred = b->peer_cred = unix_own_cred();
	out[0] = &a->s;
	out[1] = &b->s;
	return 0;
}

const struct sock_family unix_family = { .create = unix_create, .pair = unix_pair };

static int unix_sock_bind(struct sock *s, const struct linux_sockaddr *a, unsigned len)
{
	return unix_bind_name(unix_of(s), a, len);
}

static int connect_dgram(struct unix_sock *u, struct unix_sock *to)
{
	if (!unix_is_dgram(to))
		return -EPROTOTYPE;
	unix_point(u, to);
	return 0;
}

static int wait_backlog(struct unix_sock *u, struct unix_sock *to, bool nowait)
{
	uint64_t deadline = sock_deadline(u->s.snd_timeout);
	struct waiter w;
	int r = 0;

	// The listener may go while we sleep: nothing of it is touched then but its queue, whose
	// waiters it has woken.
	wait_begin(&to->s.wq, &w);
	if (to->accept_count > to->backlog) {
		r = sock_wait(&u->s, &w, deadline, nowait);
		r = r ? r : LOOK_AGAIN;
	}
	wait_end(&w);
	return r;
}

static int connect_stream(struct unix_sock *u, struct unix_sock *to)
{
	struct unix_sock *server;

	server = unix_new(u->s.type);
	if (!server)
		return -ENOMEM;
	join(u, server);
	server->name = to->name;
	server->s.passcred = to->s.passcred;
	server->peer_cred = unix_own_cred();
	u->peer_cred = to->peer_cred;
	list_add_tail(&to->accept_queue, &server->accepting);
	to->accept_count++;
	sock_wake(&to->s, POLLIN | POLLRDNORM);
	sock_wake(&u->s, POLLOUT);
	return 0;
}

static int unix_sock_connect(struct sock *s, const struct linux_sockaddr *a, unsigned len,
			     bool nowait)
{
	struct unix_sock *u = unix_of(s), *to;
	int r;

	if (len >= sizeof(a->family) && a->family == AF_UNSPEC && unix_is_dgram(u)) {
		unix_unpoint(u);
		u->connected = false;
		return 0;
	}
	do {
		r = unix_lookup(a, len, &to);
		if (!r && unix_is_dgram(u))
			return connect_dgram(u, to);
		if (!r && to->s.type != s->type)
			return -EPROTOTYPE;
		if (!r && !to->s.listening)
			return -ECONNREFUSED;
		if (!r && (u->connected || s->listening))
			return s->listening ? -EINVAL : -EISCONN;
		if (!r)
			r = wait_backlog(u, to, nowait);
	} while (r == LOOK_AGAIN);
	return r ? r : connect_stream(u, to);
}

static int unix_sock_listen(struct sock *s, int backlog)
{
	struct unix_sock *u = unix_of(s);

	if (unix_is_dgram(u))
		return -EOPNOTSUPP;
	if (!u->name.len || u->connected)
		return -EINVAL;
	u->backlog = backlog;
	u->peer_cred = unix_own_cred();
	sock_wake(s, POLLOUT);
	return 0;
}

static int unix_sock_accept(struct sock *s, struct sock **out, bool nowait)
{
	struct unix_sock *u = unix_of(s), *got;
	uint64_t deadline = sock_deadline(s->rcv_timeout);
	struct waiter w;
	int r = 0;

	if (unix_is_dgram(u))
		return -EOPNOTSUPP;
	if (!s->listening)
		return -EINVAL;
	wait_begin(&s->wq, &w);
	while (!r && list_empty(&u->accept_queue))
		r = u->rd_shut ? -EINVAL : sock_wait(s, &w, deadline, nowait);
	wait_end(&w);
	if (r)
		return r;
	got = list_first(&u->accept_queue, struct unix_sock, accepting);
	list_del(&got->accepting);
	u->accept_count--;
	sock_wake(s, POLLOUT);
	*out = &got->s;
	return 0;
}

static int unix_sock_name(struct sock *s, struct linux_sockaddr *a, bool peer)
{
	struct unix_sock *u = unix_of(s);

	if (!peer)
		return unix_name_out(&u->name, a);
	if (!u->peer && u->peer_gone && !unix_is_dgram(u))
		return unix_name_out(&u->peer_name, a);
	return u->peer ? unix_name_out(&u->peer->name, a) : -ENOTCONN;
}

static uint32_t unix_poll(struct sock *s)
{
	struct unix_sock *u = unix_of(s);
	bool over = u->peer_gone && !unix_is_dgram(u), rd = u->rd_shut || over,
	     wr = u->wr_shut || over;
	uint32_t mask = s->error ? POLLERR : 0;

	if (s->listening)
		return mask | (list_empty(&u->accept_queue) ? 0 : POLLIN | POLLRDNORM);
	if (rd)
		mask |= POLLIN | POLLRDNORM | POLLRDHUP;
	if (rd && wr)
		mask |= POLLHUP;
	if (!list_empty(&u->queue))
		mask |= POLLIN | POLLRDNORM;
	if (!unix_is_dgram(u) && !u->connected)
		mask |= POLLHUP;
	if (!u->peer || wr || !unix_full(u->peer, u))
		mask |= POLLOUT | POLLWRNORM;
	return mask;
}

static int unix_sock_shutdown(struct sock *s, int how)
{
	struct unix_sock *u = unix_of(s), *p = u->peer;

	if (!u->connected && !s->listening && !unix_is_dgram(u))
		return -ENOTCONN;
	if (how != SHUT_WR)
		u->rd_shut = true;
	if (how != SHUT_RD)
		u->wr_shut = true;
	if (p && !unix_is_dgram(u)) {
		p->rd_shut |= how != SHUT_RD;
		p->wr_shut |= how != SHUT_WR;
		sock_wake(&p->s, POLLIN | POLLOUT | POLLRDHUP | POLLHUP);
	}
	sock_wake(s, POLLIN | POLLOUT | POLLRDHUP | POLLHUP);
	return 0;
}

static int unix_setopt(struct sock *s, int level, int name, const void *val, unsigned len)
{
	return -EOPNOTSUPP;
}

static int unix_getopt(struct sock *s, int level, int name, void *val, unsigned len)
{
	struct unix_sock *u = unix_of(s);

	if (level != SOL_SOCKET || name != SO_PEERCRED)
		return -EOPNOTSUPP;
	memcpy(val, &u->peer_cred, sizeof(u->peer_cred));
	return sizeof(u->peer_cred);
}

static long unix_ioctl(struct sock *s, unsigned cmd, unsigned long arg)
{
	struct unix_sock *u = unix_of(s);
	int v = 0;

	if (cmd == FIONREAD && s->listening)
		return -EINVAL;
	if (cmd == FIONREAD && unix_is_dgram(u))
		v = list_empty(&u->queue) ? 0
					  : (int)list_first(&u->queue, struct unix_msg, link)->len;
	else if (cmd == FIONREAD)
		v = (int)u->queued;
	else if (cmd == TIOCOUTQ)
		v = u->peer ? (int)u->peer->queued : 0;
	else
		return -ENOTTY;
	return copy_to_user((void *)arg, &v, sizeof(v));
}

// Everyone who sends to u learns that it is gone; a stream's peer also if it had left something
// unread.
static void part(struct unix_sock *u)
{
	list_for_each_safe(l, &u->senders) {
		struct unix_sock *from = list_entry(l, struct unix_sock, sending);

		unix_unpoint(from);
		from->peer_gone = true;
		from->peer_name = u->name; // a stream still says who it was
		if (!unix_is_dgram(u) && !list_empty(&u->queue))
			from->s.error = ECONNRESET;
		sock_wake(&from->s, POLLIN | POLLOUT | POLLHUP | POLLRDHUP | POLLERR);
	}
	unix_unpoint(u);
}

static void unix_release(struct sock *s, bool nonblock)
{
	struct unix_sock *u = unix_of(s);

	unix_unbind(u);
	s->listening = false;
	while (!list_empty(&u->accept_queue)) {
		struct unix_sock *w = list_first(&u->accept_queue, struct unix_sock, accepting);

		list_del(&w->accepting);
		if (w->peer)
			w->peer->s.error = ECONNRESET;
		unix_release(&w->s, true);
	}
	sock_wake(s, POLLHUP);
	part(u);
	while (!list_empty(&u->queue))
		unix_msg_free(list_first(&u->queue, struct unix_msg, link));
	while (!list_empty(&s->wq.waiters))
		list_del(s->wq.waiters.next);
	unix_free(u);
}

static const struct sock_ops unix_ops = {
	.bind = unix_sock_bind,
	.connect = unix_sock_connect,
	.listen = unix_sock_listen,
	.accept = unix_sock_accept,
	.name = unix_sock_name,
	.send = unix_send,
	.recv = unix_recv,
	.poll = unix_poll,
	.shutdown = unix_sock_shutdown,
	.setopt = unix_setopt,
	.getopt = unix_getopt,
	.ioctl = unix_ioctl,
	.release = unix_release,
};
