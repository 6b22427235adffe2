// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// User-mode network: libslirp is the guest's gateway (10.0.2.2), name server (10.0.2.3) and IPv6
// router, and turns the guest's connections into sockets of this process. No privilege is needed.
// The library is opened only here, so nothing else pays for it.
//
// libslirp asks for timers in milliseconds and for descriptors to poll; both are given to netdev's
// caller. It drops what the guest has no room for.
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <slirp/libslirp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <monitor/dev/netdev_priv.h>

#define NET(last) htonl(0x0a000200u | (last)) /* 10.0.2.0/24 */
#define GUEST 15
#define ROUTER 2
#define NAME_SERVER 3
#define SLIRP_MTU 1500
#define MS 1000000ull

struct slirp_timer {
	struct slirp_timer *next;
	SlirpTimerCb cb;
	void *arg;
	int64_t expire_ms; // -1: not set
};

struct user_net {
	struct netdev *dev;
	Slirp *slirp;
	struct slirp_timer *timers;
	void *lib;
	__typeof__(&slirp_new) new;
	__typeof__(&slirp_cleanup) cleanup;
	__typeof__(&slirp_pollfds_fill) fill;
	__typeof__(&slirp_pollfds_poll) poll;
	__typeof__(&slirp_input) input;
	__typeof__(&slirp_add_hostfwd) hostfwd;
};

static int64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

static ssize_t on_packet(const void *frame, size_t len, void *arg)
{
	struct user_net *u = arg;
	struct pump *p = &u->dev->pump;
	struct net_header h = { .flags = NET_HDR_DATA_VALID, .num_buffers = 1 };
	uint8_t *at;
	int err;

	if (!p->rx.ring || len > NET_FRAME_MAX)
		return (ssize_t)len;
	at = ring_space(&p->rx, (uint32_t)(sizeof(h) + len), &err);
	if (!at) {
		if (err == RING_EPROTO)
			p->rx.ring = NULL;
		p->dropped++;
		return (ssize_t)len;
	}
	memcpy(at, &h, sizeof(h));
	memcpy(at + sizeof(h), frame, len);
	ring_push(&p->rx, (uint32_t)(sizeof(h) + len), 0);
	u->dev->received++;
	return (ssize_t)len;
}

static void on_guest_error(const char *msg, void *arg)
{
}

static int64_t on_clock(void *arg)
{
	return now_ns();
}

static void *on_timer_new(SlirpTimerCb cb, void *cb_arg, void *arg)
{
	struct user_net *u = arg;
	struct slirp_timer *t = calloc(1, sizeof(*t));

	if (!t)
		abort(); // as libslirp itself, which has no way to say so
	*t = (struct slirp_timer){ .next = u->timers, .cb = cb, .arg = cb_arg, .expire_ms = -1 };
	u->timers = t;
	return t;
}

static void on_timer_free(void *timer, void *arg)
{
	struct user_net *u = arg;

	for (struct slirp_timer **p = &u->timers; *p; p = &(*p)->next) {
		if (*p == timer) {
			*p = (*p)->next;
			break;
		}
	}
	free(timer);
}

static void on_timer_mod(void *timer, int64_t expire_ms, void *arg)
{
	((struct slirp_timer *)timer)->expire_ms = expire_ms;
}

static void on_fd(int fd, void *arg)
{
}

static void on_notify(void *arg)
{
}

static const SlirpCb callbacks = {
	.send_packet = on_packet,
	.guest_error = on_guest_error,
	.clock_get_ns = on_clock,
	.timer_new = on_timer_new,
	.timer_free = on_timer_free,
	.timer_mod = on_timer_mod,
	.register_poll_fd = on_fd,
	.unregister_poll_fd = on_fd,
	.notify = on_notify,
};

static void run_timers(struct user_net *u)
{
	int64_t now = now_ns() / (int64_t)MS;

	for (struct slirp_timer *t = u->timers, *next; t; t = next) {
		next = t->next;
		if (t->expire_ms >= 0 && t->expire_ms <= now) {
			t->expire_ms = -1;
			t->cb(t->arg);
		}
	}
}

// A frame is copied first: libslirp looks at it more than once, and the guest could change it
// meanwhile.
static void send_queued(struct user_net *u)
{
	static uint8_t frame[NET_FRAME_MAX];
	struct ring_end *tx = &u->dev->pump.tx;
	struct ring_rec rec;
	uint8_t *at;
	int r = 0;

	for (int i = 0; tx->ring && i < PUMP_BATCH; i++) {
		r = ring_next(tx, &rec, &at);
		if (r <= 0)
			break;
		if (rec.len > sizeof(struct net_header) &&
		    rec.len <= sizeof(struct net_header) + sizeof(frame)) {
			uint32_t len = rec.len - (uint32_t)sizeof(struct net_header);

			memcpy(frame, at + sizeof(struct net_header), len);
			ring_pop(tx, &rec);
			u->input(u->slirp, frame, (int)len);
		} else {
			ring_pop(tx, &rec);
		}
	}
	if (r < 0)
		tx->ring = NULL;
}

// The values of SLIRP_POLL_* are libslirp's own.
static int on_add_poll(int fd, int events, void *arg)
{
	struct user_net *u = arg;
	short e = 0;

	if (events & SLIRP_POLL_IN)
		e |= POLLIN;
	if (events & SLIRP_POLL_OUT)
		e |= POLLOUT;
	if (events & SLIRP_POLL_PRI)
		e |= POLLPRI;
	return netdev_add_fd(u->dev, fd, e);
}

static int on_revents(int idx, void *arg)
{
	struct user_net *u = arg;
	int e = 0, got = idx < 0 || idx >= (int)u->dev->fd_count ? 0 : u->dev->fds[idx].revents;

	if (got & POLLIN)
		e |= SLIRP_POLL_IN;
	if (got & POLLOUT)
		e |= SLIRP_POLL_OUT;
	if (got & POLLPRI)
		e |= SLIRP_POLL_PRI;
	if (got & POLLERR)
		e |= SLIRP_POLL_ERR;
	if (got & POLLHUP)
		e |= SLIRP_POLL_HUP;
	return e;
}

static void user_fds(struct netdev *d, uint64_t *ns)
{
	struct user_net *u = d->state;
	uint32_t ms = UINT32_MAX;
	int64_t now = now_ns() / (int64_t)MS;

	u->fill(u->slirp, &ms, on_add_poll, u);
	for (struct slirp_timer *t = u->timers; t; t = t->next) {
		if (t->expire_ms >= 0 && t->expire_ms - now < (int64_t)ms)
			ms = t->expire_ms > now ? (uint32_t)(t->expire_ms - now) : 0;
	}
	if (ms != UINT32_MAX && ms * MS < *ns)
		*ns = ms * MS;
}

static void user_polled(struct netdev *d)
{
	struct user_net *u = d->state;

	run_timers(u);
	u->poll(u->slirp, 0, on_revents, u);
}

static void user_pump(struct netdev *d)
{
	struct user_net *u = d->state;
	uint64_t ns = UINT64_MAX;
	unsigned count;

	send_queued(u);
	netdev_pollfds(d, &count, &ns);
	poll(d->fds + NETDEV_OTHERS, count - NETDEV_OTHERS, 0);
	user_polled(d);
	// Answers of libslirp itself may have made the guest's frames wait: they go before the
	// sleep.
	if (d->pump.tx.ring && ring_ready(&d->pump.tx))
		send_queued(u);
}

static void user_close(struct netdev *d)
{
	struct user_net *u = d->state;

	if (u->slirp)
		u->cleanup(u->slirp);
	while (u->timers)
		on_timer_free(u->timers, u);
	if (u->lib)
		dlclose(u->lib);
	free(u);
}

static const struct netdev_ops user_ops = {
	.pump = user_pump, .fds = user_fds, .polled = user_polled, .close = user_close
};

static int open_library(struct user_net *u, struct failure *why)
{
	u->lib = dlopen("libslirp.so.0", RTLD_NOW);
	if (!u->lib)
		return failure_set(why, -ENOENT,
				   "user-mode networking needs libslirp (Debian: apt-get install "
				   "libslirp0): %s",
				   dlerror());
	u->new = (__typeof__(u->new))dlsym(u->lib, "slirp_new");
	u->cleanup = (__typeof__(u->cleanup))dlsym(u->lib, "slirp_cleanup");
	u->fill = (__typeof__(u->fill))dlsym(u->lib, "slirp_pollfds_fill");
	u->poll = (__typeof__(u->poll))dlsym(u->lib, "slirp_pollfds_poll");
	u->input = (__typeof__(u->input))dlsym(u->lib, "slirp_input");
	u->hostfwd = (__typeof__(u->hostfwd))dlsym(u->lib, "slirp_add_hostfwd");
	if (!u->new || !u->cleanup || !u->fill || !u->poll || !u->input || !u->hostfwd)
		return failure_set(why, -ENOENT, "libslirp.so.0 is not a libslirp of version 4");
	return 0;
}

// libslirp listens with a backlog of 1, so of many clients that come at once all but two would wait
// for a second or more. Its socket is the descriptor that was the lowest free one.
static void lengthen_queue(int fd)
{
	int listens = 0;
	socklen_t len = sizeof(listens);

	if (!getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len) && listens)
		listen(fd, SOMAXCONN);
}

static int publish(struct user_net *u, const struct monitor_port *p, struct failure *why)
{
	struct in_addr host = { p->host_addr }, guest = { NET(GUEST) };
	char text[INET_ADDRSTRLEN];
	int fd = dup(STDERR_FILENO);

	if (fd >= 0)
		close(fd);
	if (!u->hostfwd(u->slirp, p->udp, host, p->host, guest, p->guest)) {
		lengthen_queue(fd);
		return 0;
	}
	inet_ntop(AF_INET, &host, text, sizeof(text));
	if (errno == EADDRINUSE)
		return failure_set(why, -EADDRINUSE,
				   "port %u/%s of %s is in use; publish another one: -p HOST:%u",
				   p->host, p->udp ? "udp" : "tcp", text, p->guest);
	if (errno == EACCES)
		return failure_set(why, -EACCES,
				   "port %u/%s of %s may not be used by this user (ports below "
				   "1024 are root's)",
				   p->host, p->udp ? "udp" : "tcp", text);
	return failure_errno(why, -(errno ? errno : EINVAL), "cannot publish port %u/%s of %s",
			     p->host, p->udp ? "udp" : "tcp", text);
}

static void configure_guest(struct load_net *net, const struct netdev_config *cfg)
{
	uint32_t dns = NET(NAME_SERVER);

	net->flags = NET_V6_AUTO | NET_RX_CSUM;
	net->mtu = SLIRP_MTU;
	net->v4_addr = NET(GUEST);
	net->v4_mask = htonl(0xffffff00u);
	net->v4_gateway = NET(ROUTER);
	net->dns_count = 1;
	memset(net->dns[0] + 10, 0xff, 2);
	memcpy(net->dns[0] + 12, &dns, 4);
	netdev_mac(net->mac, cfg->hostname);
}

int netdev_user_open(struct netdev *d, const struct netdev_config *cfg, struct load_net *net,
		     struct failure *why)
{
	struct user_net *u = calloc(1, sizeof(*u));
	SlirpConfig sc = {
		.version = 1,
		.in_enabled = true,
		.vnetwork = { NET(0) },
		.vnetmask = { htonl(0xffffff00u) },
		.vhost = { NET(ROUTER) },
		.vdhcp_start = { NET(GUEST) },
		.vnameserver = { NET(NAME_SERVER) },
		.in6_enabled = true,
		.vprefix_len = 64,
		.vhostname = cfg->hostname,
		.if_mtu = SLIRP_MTU,
		.if_mru = SLIRP_MTU,
	};
	int r;

	if (!u)
		return failure_errno(why, -ENOMEM, "the network");
	u->dev = d;
	d->state = u;
	d->ops = &user_ops;
	inet_pton(AF_INET6, "fec0::", &sc.vprefix_addr6);
	inet_pton(AF_INET6, "fec0::2", &sc.vhost6);
	inet_pton(AF_INET6, "fec0::3", &sc.vnameserver6);
	r = open_library(u, why);
	if (r)
		return r;
	u->slirp = u->new(&sc, &callbacks, u);
	if (!u->slirp)
		return failure_set(why, -EIO, "libslirp did not start");
	d->pump.frame_max = sizeof(struct net_header) + 14 + SLIRP_MTU;
	configure_guest(net, cfg);
	for (unsigned i = 0; i < cfg->port_count && !r; i++)
		r = publish(u, &cfg->ports[i], why);
	return r;
}
