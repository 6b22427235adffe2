// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// User-mode network: one guest (10.0.2.15) and its gateway.
#include <arpa/inet.h>
#include <string.h>

#include <monitor/dev/frame.h>
#include <monitor/dev/gateway.h>

#define SUBNET 0x0a000200u /* 10.0.2.0/24, as QEMU has it */
#define GUEST 15

static const struct gateway_config subnet = {
	.subnet = SUBNET, .guest = GUEST, .prefix6 = "fec0::"
};

// A frame is copied first: libslirp looks at it more than once, and the guest could change it
// meanwhile.
static void send_queued(struct netdev *d)
{
	static uint8_t frame[NET_FRAME_MAX];
	struct ring_end *tx = &d->pump.tx;
	struct net_header h;
	struct ring_rec rec;
	uint8_t *at;
	int r = 0;

	for (int i = 0; tx->ring && i < PUMP_BATCH; i++) {
		r = ring_next(tx, &rec, &at);
		if (r <= 0)
			break;
		if (rec.len > sizeof(h) && rec.len <= sizeof(h) + sizeof(frame)) {
			uint32_t len = rec.len - (uint32_t)sizeof(h);

			memcpy(&h, at, sizeof(h));
			memcpy(frame, at + sizeof(h), len);
			ring_pop(tx, &rec);
			if (frame_finish(&h, frame, len))
				gateway_input(d->state, frame, len);
		} else {
			ring_pop(tx, &rec);
		}
	}
	if (r < 0)
		tx->ring = NULL;
}

static void user_fds(struct netdev *d, uint64_t *ns)
{
	gateway_fds(d->state, ns);
}

static void user_polled(struct netdev *d)
{
	gateway_polled(d->state);
}

static void user_pump(struct netdev *d)
{
	uint64_t ns = UINT64_MAX;
	unsigned count;

	send_queued(d);
	netdev_pollfds(d, &count, &ns);
	poll(d->fds + NETDEV_OTHERS, count - NETDEV_OTHERS, 0);
	user_polled(d);
	// Answers of libslirp itself may have made the guest's frames wait: they go before the
	// sleep.
	if (d->pump.tx.ring && ring_ready(&d->pump.tx))
		send_queued(d);
}

static void user_close(struct netdev *d)
{
	gateway_close(d->state);
}

static const struct netdev_ops user_ops = {
	.pump = user_pump, .fds = user_fds, .polled = user_polled, .close = user_close
};

int netdev_user_describe(const struct netdev_config *cfg, struct load_net *net,
			 struct failure *why)
{
	net->mtu = GATEWAY_MTU;
	netdev_address(net, SUBNET, GUEST);
	netdev_mac(net->mac, cfg->hostname);
	inet_pton(AF_INET6, subnet.prefix6, net->v6_addr);
	net->v6_addr[15] = GUEST;
	return 0;
}

int netdev_user_open(struct netdev *d, const struct netdev_config *cfg, struct load_net *net,
		     struct failure *why)
{
	struct gateway *g;
	int r = gateway_open(&g, d, &subnet, cfg, why);

	if (r)
		return r;
	d->state = g;
	d->ops = &user_ops;
	d->pump.frame_max = sizeof(struct net_header) + 14 + GATEWAY_MTU;
	// libslirp takes packets of many segments as they are; it sends none.
	net->flags = NET_V6_AUTO | NET_RX_CSUM | NET_TX_CSUM;
	if (cfg->memory >= NETDEV_LARGE_FROM)
		net->flags |= NET_TX_TSO;
	return netdev_user_describe(cfg, net, why);
}
