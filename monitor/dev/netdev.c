// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What all kinds of network share; see netdev.h.
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <monitor/dev/gateway.h>

int netdev_add_fd(struct netdev *d, int fd, short events)
{
	if (d->fd_count == d->fd_room) {
		unsigned room = d->fd_room ? d->fd_room * 2 : 32;
		struct pollfd *fds = realloc(d->fds, room * sizeof(*fds));

		if (!fds)
			return -1;
		d->fds = fds;
		d->fd_room = room;
	}
	d->fds[d->fd_count] = (struct pollfd){ .fd = fd, .events = events };
	return (int)d->fd_count++;
}

void netdev_mac(uint8_t mac[6], const char *name)
{
	uint64_t h = 0xcbf29ce484222325ull; // FNV-1a

	if (!name || !*name) {
		if (getrandom(mac, 6, 0) != 6)
			memset(mac, 0x5a, 6);
	} else {
		for (; *name; name++)
			h = (h ^ (uint8_t)*name) * 0x100000001b3ull;
		memcpy(mac, &h, 6);
	}
	// locally administered, one host (IEEE 802, 8.2)
	mac[0] = (uint8_t)((mac[0] & 0xfc) | 0x02);
}

void netdev_deliver(struct netdev *d, const struct net_header *h, const void *frame, size_t len)
{
	struct pump *p = &d->pump;
	uint8_t *at;
	int err;

	if (!p->rx.ring || len > NET_FRAME_MAX)
		return;
	at = ring_space(&p->rx, (uint32_t)(sizeof(*h) + len), &err);
	if (!at) {
		if (err == RING_EPROTO)
			p->rx.ring = NULL;
		p->dropped++;
		return;
	}
	memcpy(at, h, sizeof(*h));
	memcpy(at + sizeof(*h), frame, len);
	ring_push(&p->rx, (uint32_t)(sizeof(*h) + len), 0);
	d->received++;
}

void netdev_address(struct load_net *net, uint32_t subnet, uint8_t last)
{
	uint32_t dns = htonl(subnet | GATEWAY_NAME_SERVER);

	net->v4_addr = htonl(subnet | last);
	net->v4_mask = htonl(0xffffff00u);
	net->v4_gateway = htonl(subnet | GATEWAY_ROUTER);
	net->dns_count = 1;
	memset(net->dns[0] + 10, 0xff, 2); // a v4-mapped address
	memcpy(net->dns[0] + 12, &dns, 4);
}

static void nothing_pump(struct netdev *d)
{
}

static void nothing_fds(struct netdev *d, uint64_t *ns)
{
}

static const struct netdev_ops nothing = {
	.pump = nothing_pump,
	.fds = nothing_fds,
	.polled = nothing_pump,
	.close = nothing_pump,
};

static int (*const open_kind[])(struct netdev *d, const struct netdev_config *cfg,
				struct load_net *net, struct failure *why) = {
	[MANIFEST_NET_USER] = netdev_user_open,
	[MANIFEST_NET_TAP] = netdev_tap_open,
	[MANIFEST_NET_NAMED] = netdev_named_open,
};

int netdev_open(const struct netdev_config *cfg, struct netdev **out, struct load_net *net,
		struct failure *why)
{
	struct netdev *d = calloc(1, sizeof(*d));
	int r = 0;

	if (!d)
		return failure_errno(why, -ENOMEM, "the network");
	d->ops = &nothing;
	d->pump.fd = -1;
	for (int i = 0; i < NETDEV_OTHERS; i++) {
		if (netdev_add_fd(d, -1, 0) < 0) {
			netdev_close(d);
			return failure_errno(why, -ENOMEM, "the network");
		}
	}
	if (cfg->kind != MANIFEST_NET_NONE) {
		memset(net, 0, sizeof(*net));
		r = open_kind[cfg->kind](d, cfg, net, why);
	}
	if (r) {
		netdev_close(d);
		return r;
	}
	*out = d;
	return 0;
}

int netdev_describe(const struct netdev_config *cfg, struct load_net *net, struct failure *why)
{
	memset(net, 0, sizeof(*net));
	switch (cfg->kind) {
	case MANIFEST_NET_USER: return netdev_user_describe(cfg, net, why);
	case MANIFEST_NET_TAP: return netdev_tap_describe(cfg, net, why);
	default: return 0;
	}
}

void netdev_attach(struct netdev *d, const struct load_ring *rx, const struct load_ring *tx)
{
	d->pump.rx = (struct ring_end){ .ring = rx->ring, .size = rx->size };
	d->pump.tx = (struct ring_end){ .ring = tx->ring, .size = tx->size };
	if (d->pump.frame_max > ring_max(rx->size))
		d->pump.frame_max = ring_max(rx->size);
}

bool netdev_pump(struct netdev *d)
{
	unsigned long before = d->received;

	d->ops->pump(d);
	return d->received != before;
}

struct pollfd *netdev_pollfds(struct netdev *d, unsigned *count, uint64_t *ns)
{
	d->fd_count = NETDEV_OTHERS;
	for (int i = 0; i < NETDEV_OTHERS; i++)
		d->fds[i] = (struct pollfd){ .fd = -1 };
	d->ops->fds(d, ns);
	*count = d->fd_count;
	return d->fds;
}

bool netdev_polled(struct netdev *d)
{
	unsigned long before = d->received;

	d->ops->polled(d);
	return d->received != before;
}

int netdev_tap_fd(const struct netdev *d)
{
	return d->pump.fd;
}

void netdev_folders(const struct netdev *d, int *member, int *all)
{
	*member = *all = -1;
	if (d && d->ops->folders)
		d->ops->folders(d, member, all);
}

void netdev_close(struct netdev *d)
{
	if (!d)
		return;
	d->ops->close(d);
	free(d->fds);
	free(d);
}
