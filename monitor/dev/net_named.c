// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A named network: the monitor of each member is a port of the switch between them. What the guest
// sends goes by its destination: to a member's monitor (monitor/dev/peers.h), to a gateway of its
// own (monitor/dev/gateway.h), or to all; names of members are answered here (monitor/dev/names.h).
//
//	subnet 10.89.0.0/24 and a /64 of IPv6, the same for every network: they never meet
//	.2 the gateway, .3 the name server, .4 to .254 members
//
// A guest's frame is checked by its own monitor and again by the receiver's (frame_allowed()), so a
// member can not speak for another. The start of a frame is copied before it is looked at, and sent
// from the copy; the rest is never looked at, unless it is copied as a whole.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/uio.h>

#include <monitor/dev/frame.h>
#include <monitor/dev/gateway.h>
#include <monitor/dev/names.h>
#include <monitor/dev/peers.h>

#define TURN 64 // records from one peer before the others have their turn

struct named_net {
	struct netdev *dev;
	struct gateway *gateway;
	struct peers peers;
	uint8_t number;
	char name[NETWORK_NAME_MAX + 1]; // the guest's own
	struct names names;
	// A frame that is looked at as a whole.
	uint8_t whole[NET_FRAME_MAX];
};

// The frame that the guest is sending.
struct sent {
	struct net_header h;
	uint8_t head[FRAME_HEAD]; // its first bytes, copied
	size_t have, len;
	const uint8_t *shared;    // in the ring
};

static uint8_t find_name(void *arg, const char *name)
{
	struct named_net *n = arg;

	if (!strcasecmp(name, n->name))
		return n->number;
	for (unsigned i = 0; i < n->peers.count; i++) {
		const struct peer *p = n->peers.list[i];

		if (p->fd >= 0 && p->number && !strcasecmp(name, p->name))
			return p->number;
	}
	return 0;
}

static const char *name_of(void *arg, uint8_t member)
{
	struct named_net *n = arg;

	if (member == n->number)
		return n->name;
	return member <= NETWORK_LAST && n->peers.by_number[member]
		       ? n->peers.by_number[member]->name
		       : NULL;
}

// All of the frame, where the guest can not change it any more.
static uint8_t *copy_whole(struct named_net *n, const struct sent *s)
{
	memcpy(n->whole, s->head, s->have);
	memcpy(n->whole + s->have, s->shared + s->have, s->len - s->have);
	return n->whole;
}

static void to_gateway(struct named_net *n, const struct sent *s)
{
	const struct net_header h = { .flags = NET_HDR_DATA_VALID, .num_buffers = 1 };
	uint8_t *frame = copy_whole(n, s), reply[NAMES_FRAME_MAX];
	size_t len = names_frame(&n->names, frame, s->len, reply);

	if (len)
		netdev_deliver(n->dev, &h, reply, len);
	else if (frame_finish(&s->h, frame, s->len))
		gateway_input(n->gateway, frame, s->len);
}

struct cutting {
	struct named_net *n;
	struct peer *to;
	struct net_header h;
};

static void send_segment(void *arg, const uint8_t *frame, size_t len)
{
	struct cutting *c = arg;
	const struct iovec parts[] = { { &c->h, sizeof(c->h) }, { (void *)frame, len } };

	peer_send(&c->n->peers, c->to, parts, 2);
}

// Between members nobody needs checksums or segments: a frame never leaves this host's memory. What
// is too large for the receiver is cut.
static void to_peer(struct named_net *n, const struct sent *s, struct peer *to)
{
	struct cutting c = { .n = n, .to = to, .h = { .num_buffers = 1 } };
	const struct iovec parts[] = { { &c.h, sizeof(c.h) },
				       { (void *)s->head, s->have },
				       { (void *)(s->shared + s->have), s->len - s->have } };

	if (s->h.flags & (NET_HDR_NEEDS_CSUM | NET_HDR_DATA_VALID))
		c.h.flags = NET_HDR_DATA_VALID;
	if (sizeof(c.h) + s->len <= to->frame_max)
		peer_send(&n->peers, to, parts, 3);
	else if (!frame_cut(&s->h, copy_whole(n, s), s->len, send_segment, &c))
		to->dropped++;
}

static void send_frame(struct named_net *n, const struct sent *s)
{
	uint8_t member = frame_member_of(s->head);
	bool all = s->head[0] & FRAME_MULTICAST;

	if (all)
		for (unsigned i = 0; i < n->peers.count; i++)
			to_peer(n, s, n->peers.list[i]);
	if (all || !member)
		to_gateway(n, s);
	else if (member <= NETWORK_LAST && n->peers.by_number[member])
		to_peer(n, s, n->peers.by_number[member]);
}

static void take_record(struct named_net *n, const uint8_t *at, uint32_t len)
{
	struct sent s = { .len = len - sizeof(s.h), .shared = at + sizeof(s.h) };

	s.have = s.len < FRAME_HEAD ? s.len : FRAME_HEAD;
	memcpy(&s.h, at, sizeof(s.h));
	memcpy(s.head, s.shared, s.have);
	if (frame_allowed(s.head, s.len, n->number))
		send_frame(n, &s);
	else
		n->dev->pump.dropped++;
}

static void send_queued(struct named_net *n)
{
	struct ring_end *tx = &n->dev->pump.tx;
	struct ring_rec rec;
	uint8_t *at;
	int r = 0;

	for (int i = 0; tx->ring && i < PUMP_BATCH; i++) {
		r = ring_next(tx, &rec, &at);
		if (r <= 0)
			break;
		if (rec.len > sizeof(struct net_header) &&
		    rec.len <= sizeof(struct net_header) + NET_FRAME_MAX)
			take_record(n, at, rec.len);
		ring_pop(tx, &rec);
	}
	if (r < 0)
		tx->ring = NULL;
}

// A record from a peer, in the guest's ring but not yet visible as one. The guest could change it:
// then it fools itself.
static bool may_come(const uint8_t *at, size_t len, uint8_t from)
{
	uint8_t head[FRAME_HEAD];
	size_t frame = len - sizeof(struct net_header);

	if (len <= sizeof(struct net_header))
		return false;
	memcpy(head, at + sizeof(struct net_header), frame < FRAME_HEAD ? frame : FRAME_HEAD);
	return frame_allowed(head, frame, from);
}

static void take_from(void *arg, struct peer *from)
{
	struct named_net *n = arg;
	struct pump *p = &n->dev->pump;
	int err = 0;

	for (int i = 0; i < TURN && p->rx.ring; i++) {
		uint8_t *at = ring_space(&p->rx, p->frame_max, &err);
		size_t len = at ? peer_receive(&n->peers, from, at, p->frame_max) : 0;

		if (!len)
			break;
		if (len > p->frame_max || !may_come(at, len, from->number)) {
			p->dropped++;
			continue;
		}
		ring_push(&p->rx, (uint32_t)len, 0);
		n->dev->received++;
	}
	if (err == RING_EPROTO)
		p->rx.ring = NULL;
}

static void named_fds(struct netdev *d, uint64_t *ns)
{
	struct named_net *n = d->state;

	peers_fds(&n->peers, d, pump_has_room(&d->pump));
	gateway_fds(n->gateway, ns);
}

static void named_polled(struct netdev *d)
{
	struct named_net *n = d->state;

	gateway_polled(n->gateway);
	peers_polled(&n->peers, d, take_from, n);
}

static void named_pump(struct netdev *d)
{
	uint64_t ns = UINT64_MAX;
	unsigned count;

	send_queued(d->state);
	netdev_pollfds(d, &count, &ns);
	poll(d->fds + NETDEV_OTHERS, count - NETDEV_OTHERS, 0);
	named_polled(d);
	// What the gateway answered itself may have made the guest's frames wait: they go before
	// the sleep.
	if (d->pump.tx.ring && ring_ready(&d->pump.tx))
		send_queued(d->state);
}

static void named_close(struct netdev *d)
{
	struct named_net *n = d->state;

	gateway_close(n->gateway);
	peers_leave(&n->peers);
	free(n);
}

static void named_folders(const struct netdev *d, int *member, int *all)
{
	const struct named_net *n = d->state;

	*member = n->peers.net.dir_fd;
	*all = n->peers.net.all_fd;
}

static const struct netdev_ops named_ops = {
	.pump = named_pump,
	.fds = named_fds,
	.polled = named_polled,
	.close = named_close,
	.folders = named_folders,
};

static void configure(struct named_net *n, const struct netdev_config *cfg, struct load_net *net)
{
	bool large = cfg->memory >= NETDEV_LARGE_FROM;

	n->names = (struct names){
		.network = n->peers.net.name, .find = find_name, .name_of = name_of, .arg = n
	};
	net->flags = NET_V6_AUTO | NET_RX_CSUM | NET_TX_CSUM |
		     (large ? NET_RX_TSO | NET_TX_TSO : 0);
	net->mtu = GATEWAY_MTU;
	netdev_address(net, FRAME_SUBNET, n->number);
	frame_mac(net->mac, n->number);
	frame_v6(net->v6_addr, n->number);
}

int netdev_named_open(struct netdev *d, const struct netdev_config *cfg, struct load_net *net,
		      struct failure *why)
{
	struct gateway_config subnet = { .subnet = FRAME_SUBNET, .prefix6 = FRAME_PREFIX6 };
	struct named_net *n = calloc(1, sizeof(*n));
	int r;

	if (!n)
		return failure_errno(why, -ENOMEM, "the network");
	n->dev = d;
	d->pump.frame_max = cfg->memory >= NETDEV_LARGE_FROM
				    ? sizeof(struct net_header) + NET_FRAME_MAX
				    : PEER_FRAME_MIN;
	r = peers_join(&n->peers, cfg->network, cfg->hostname, d->pump.frame_max, why);
	if (r) {
		free(n);
		return r;
	}
	n->number = subnet.guest = n->peers.net.number;
	strcpy(n->name, cfg->hostname);
	d->state = n;
	d->ops = &named_ops;
	configure(n, cfg, net);
	return gateway_open(&n->gateway, d, &subnet, cfg, why);
}
