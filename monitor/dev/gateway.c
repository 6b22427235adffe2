// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// gateway.h. libslirp asks for timers in milliseconds and for descriptors to poll; both are given
// to netdev's caller. It drops what the guest has no room for.
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <slirp/libslirp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <monitor/dev/gateway.h>
#include <monitor/dev/hold.h>

#define MS 1000000ull

struct slirp_timer {
	struct slirp_timer *next;
	SlirpTimerCb cb;
	void *arg;
	int64_t expire_ms; // -1: not set
};

struct gateway {
	struct netdev *dev;
	Slirp *slirp;
	struct slirp_timer *timers;
	struct hold hold;
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

static void deliver(void *arg, const uint8_t *frame, size_t len)
{
	const struct net_header h = { .flags = NET_HDR_DATA_VALID, .num_buffers = 1 };
	struct gateway *g = arg;

	netdev_deliver(g->dev, &h, frame, len);
}

static ssize_t on_packet(const void *frame, size_t len, void *arg)
{
	struct gateway *g = arg;

	if (g->hold.count)
		hold_ask(&g->hold, frame, len, (uint64_t)now_ns());
	deliver(g, frame, len);
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
	struct gateway *g = arg;
	struct slirp_timer *t = calloc(1, sizeof(*t));

	if (!t)
		abort(); // as libslirp itself, which has no way to say so
	*t = (struct slirp_timer){ .next = g->timers, .cb = cb, .arg = cb_arg, .expire_ms = -1 };
	g->timers = t;
	return t;
}

static void on_timer_free(void *timer, void *arg)
{
	struct gateway *g = arg;

	for (struct slirp_timer **p = &g->timers; *p; p = &(*p)->next) {
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

static void run_timers(struct gateway *g)
{
	int64_t now = now_ns() / (int64_t)MS;

	for (struct slirp_timer *t = g->timers, *next; t; t = next) {
		next = t->next;
		if (t->expire_ms >= 0 && t->expire_ms <= now) {
			t->expire_ms = -1;
			t->cb(t->arg);
		}
	}
}

// The values of SLIRP_POLL_* are libslirp's own.
static int on_add_poll(int fd, int events, void *arg)
{
	struct gateway *g = arg;
	short e = 0;

	if (events & SLIRP_POLL_IN)
		e |= POLLIN;
	if (events & SLIRP_POLL_OUT)
		e |= POLLOUT;
	if (events & SLIRP_POLL_PRI)
		e |= POLLPRI;
	return netdev_add_fd(g->dev, fd, e);
}

static int on_revents(int idx, void *arg)
{
	struct gateway *g = arg;
	int e = 0, got = idx < 0 || idx >= (int)g->dev->fd_count ? 0 : g->dev->fds[idx].revents;

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

static void wait_for_held(const struct gateway *g, uint64_t *ns)
{
	uint64_t due = hold_due(&g->hold), now = (uint64_t)now_ns();

	if (due != UINT64_MAX && (due <= now || due - now < *ns))
		*ns = due <= now ? 0 : due - now;
}

void gateway_fds(struct gateway *g, uint64_t *ns)
{
	uint32_t ms = UINT32_MAX;
	int64_t now = now_ns() / (int64_t)MS;

	g->fill(g->slirp, &ms, on_add_poll, g);
	for (struct slirp_timer *t = g->timers; t; t = t->next) {
		if (t->expire_ms >= 0 && t->expire_ms - now < (int64_t)ms)
			ms = t->expire_ms > now ? (uint32_t)(t->expire_ms - now) : 0;
	}
	if (ms != UINT32_MAX && ms * MS < *ns)
		*ns = ms * MS;
	wait_for_held(g, ns);
}

void gateway_polled(struct gateway *g)
{
	run_timers(g);
	hold_again(&g->hold, (uint64_t)now_ns(), deliver, g);
	g->poll(g->slirp, 0, on_revents, g);
}

void gateway_input(struct gateway *g, const uint8_t *frame, size_t len)
{
	if (!hold_refusal(&g->hold, frame, len, (uint64_t)now_ns()))
		g->input(g->slirp, frame, (int)len);
}

void gateway_close(struct gateway *g)
{
	if (!g)
		return;
	if (g->slirp)
		g->cleanup(g->slirp);
	while (g->timers)
		on_timer_free(g->timers, g);
	if (g->lib)
		dlclose(g->lib);
	hold_close(&g->hold);
	free(g);
}

static int open_library(struct gateway *g, struct failure *why)
{
	g->lib = dlopen("libslirp.so.0", RTLD_NOW);
	if (!g->lib)
		return failure_set(why, -ENOENT,
				   "user-mode networking needs libslirp (Debian: apt-get install "
				   "libslirp0): %s",
				   dlerror());
	g->new = (__typeof__(g->new))dlsym(g->lib, "slirp_new");
	g->cleanup = (__typeof__(g->cleanup))dlsym(g->lib, "slirp_cleanup");
	g->fill = (__typeof__(g->fill))dlsym(g->lib, "slirp_pollfds_fill");
	g->poll = (__typeof__(g->poll))dlsym(g->lib, "slirp_pollfds_poll");
	g->input = (__typeof__(g->input))dlsym(g->lib, "slirp_input");
	g->hostfwd = (__typeof__(g->hostfwd))dlsym(g->lib, "slirp_add_hostfwd");
	if (!g->new || !g->cleanup || !g->fill || !g->poll || !g->input || !g->hostfwd)
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

static int publish(struct gateway *g, const struct monitor_port *p, struct in_addr guest,
		   struct failure *why)
{
	struct in_addr host = { p->host_addr };
	char text[INET_ADDRSTRLEN];
	int fd = dup(STDERR_FILENO);

	if (fd >= 0)
		close(fd);
	if (!g->hostfwd(g->slirp, p->udp, host, p->host, guest, p->guest)) {
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

static struct in_addr in_subnet(const struct gateway_config *s, uint8_t last)
{
	return (struct in_addr){ htonl(s->subnet | last) };
}

static int start(struct gateway *g, const struct gateway_config *s, const char *hostname,
		 struct failure *why)
{
	SlirpConfig sc = {
		.version = 1,
		.in_enabled = true,
		.vnetwork = in_subnet(s, 0),
		.vnetmask = { htonl(0xffffff00u) },
		.vhost = in_subnet(s, GATEWAY_ROUTER),
		.vdhcp_start = in_subnet(s, s->guest),
		.vnameserver = in_subnet(s, GATEWAY_NAME_SERVER),
		.in6_enabled = true,
		.vprefix_len = 64,
		.vhostname = hostname,
		.if_mtu = GATEWAY_MTU,
		.if_mru = GATEWAY_MTU,
	};

	if (inet_pton(AF_INET6, s->prefix6, &sc.vprefix_addr6) != 1)
		return failure_set(why, -EINVAL, "%s is no IPv6 address", s->prefix6);
	sc.vhost6 = sc.vnameserver6 = sc.vprefix_addr6;
	sc.vhost6.s6_addr[15] = GATEWAY_ROUTER;
	sc.vnameserver6.s6_addr[15] = GATEWAY_NAME_SERVER;
	g->slirp = g->new(&sc, &callbacks, g);
	return g->slirp ? 0 : failure_set(why, -EIO, "libslirp did not start");
}

int gateway_open(struct gateway **out, struct netdev *d, const struct gateway_config *subnet,
		 const struct netdev_config *cfg, struct failure *why)
{
	struct gateway *g = calloc(1, sizeof(*g));
	int r;

	if (!g)
		return failure_errno(why, -ENOMEM, "the network");
	g->dev = d;
	r = open_library(g, why);
	if (!r && hold_open(&g->hold, cfg->ports, cfg->port_count))
		r = failure_errno(why, -ENOMEM, "published ports");
	if (!r)
		r = start(g, subnet, cfg->hostname, why);
	for (unsigned i = 0; i < cfg->port_count && !r; i++)
		r = publish(g, &cfg->ports[i], in_subnet(subnet, subnet->guest), why);
	if (r)
		gateway_close(g);
	else
		*out = g;
	return r;
}
