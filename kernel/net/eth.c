// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The Ethernet on the rings of boot_block.net; see netif.c.
//
// Checksums: frames that the host marks (NEEDS_CSUM: it never left the host's memory; DATA_VALID:
// the host has checked) are not checked again. Where the host completes checksums (NET_TX_CSUM),
// TCP's are left to it: the field then holds the sum of the pseudo-header.
#include <core/console.h>
#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/prot/ethernet.h>
#include <net/abi.h>
#include <net/eth.h>
#include <net/gso.h>
#include <net/inet.h>
#include <net/netif.h>
#include <pith/net_header.h>
#include <netif/ethernet.h>

#define PIECE (4096 - 64) /* payload of a pbuf of a large frame: with its header it fills a page */
#define V4_HDR 20
#define V6_HDR 40

static struct ring_end rx, tx;
static const struct boot_net *net;

bool eth_unsent(void)
{
	return __atomic_load_n(&tx.ring->tail, __ATOMIC_ACQUIRE) != tx.mine;
}

static uint32_t sum16(uint32_t sum, const uint8_t *p, unsigned n)
{
	for (; n >= 2; n -= 2, p += 2)
		sum += *(const uint16_t *)p;
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
}

// Finds TCP in a frame that we made ourselves: the offset of its header, or 0; *pseudo: the sum of
// the pseudo-header.
static unsigned find_tcp(const uint8_t *f, unsigned len, uint16_t *pseudo)
{
	const uint8_t *ip = f + SIZEOF_ETH_HDR;
	unsigned type = (unsigned)f[12] << 8 | f[13], hdr;

	if (type == ETHTYPE_IP && ip[9] == IPPROTO_TCP && !((ip[6] & 0x3f) | ip[7])) {
		hdr = (ip[0] & 0xfu) * 4;
		*pseudo = fold(sum16(lwip_htons(IPPROTO_TCP) +
					     lwip_htons((u16_t)(len - SIZEOF_ETH_HDR - hdr)),
				     ip + 12, 8));
	} else if (type == ETHTYPE_IPV6 && ip[6] == IPPROTO_TCP) {
		hdr = V6_HDR;
		*pseudo = fold(sum16(lwip_htons(IPPROTO_TCP) +
					     lwip_htons((u16_t)(len - SIZEOF_ETH_HDR - hdr)),
				     ip + 8, 32));
	} else {
		return 0;
	}
	return SIZEOF_ETH_HDR + hdr;
}

void eth_leave_checksum(struct net_header *h, uint8_t *frame, unsigned len)
{
	uint16_t pseudo;
	unsigned at = find_tcp(frame, len, &pseudo);

	if (!at)
		return;
	h->flags = NET_HDR_NEEDS_CSUM;
	h->csum_start = (uint16_t)at;
	h->csum_offset = 16; // RFC 9293, 3.1: of the checksum in TCP's header
	memcpy(frame + at + 16, &pseudo, 2);
}

static void count_sent(unsigned len)
{
	net_counts[1].tx_packets++;
	net_counts[1].tx_bytes += len;
}

static err_t eth_send(struct netif *n, struct pbuf *p)
{
	unsigned len = p->tot_len;
	struct net_header *h;
	uint8_t *at;
	int err;

	if ((net->flags & NET_TX_TSO) && gso_take(&tx, p)) {
		count_sent(len);
		return ERR_OK;
	}
	at = ring_space(&tx, (uint32_t)sizeof(*h) + len, &err);
	if (!at) {
		host_wait(0);
		at = ring_space(&tx, (uint32_t)sizeof(*h) + len, &err);
	}
	if (!at) {
		net_counts[1].tx_dropped++;
		return ERR_BUF;
	}
	count_sent(len);
	h = (struct net_header *)at;
	*h = (struct net_header){ .num_buffers = 1 };
	at += sizeof(*h);
	for (; p; p = p->next) {
		memcpy(at, p->payload, p->len);
		at += p->len;
	}
	if (net->flags & NET_TX_CSUM)
		eth_leave_checksum(h, (uint8_t *)(h + 1), len);
	ring_push(&tx, (uint32_t)sizeof(*h) + len, 0);
	output_queued();
	return ERR_OK;
}

void eth_flush(void)
{
	gso_close(&tx);
}

err_t eth_init(struct netif *n)
{
	net = n->state;
	rx = (struct ring_end){ .ring = (struct ring *)net->rx.va, .size = net->rx.size };
	tx = (struct ring_end){ .ring = (struct ring *)net->tx.va, .size = net->tx.size };
	n->name[0] = 'e';
	n->name[1] = 't';
	n->mtu = net->mtu;
	n->hwaddr_len = 6;
	memcpy(n->hwaddr, net->mac, 6);
	n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET |
		   NETIF_FLAG_IGMP | NETIF_FLAG_MLD6;
	n->output = etharp_output;
	n->output_ip6 = ethip6_output;
	n->linkoutput = eth_send;
	if (net->flags & NET_TX_CSUM)
		n->chksum_flags &= (u16_t)~NETIF_CHECKSUM_GEN_TCP;
	return ERR_OK;
}

// A packet of len bytes copied into pbufs, none larger than a page; NULL: no memory.
static struct pbuf *copy_in(const uint8_t *from, unsigned len)
{
	struct pbuf *first = NULL, *p;

	while (len) {
		unsigned n = MIN(len, (unsigned)PIECE);

		p = pbuf_alloc(PBUF_RAW, (u16_t)n, PBUF_RAM);
		if (!p) {
			if (first)
				pbuf_free(first);
			return NULL;
		}
		memcpy(p->payload, from, n);
		from += n;
		len -= n;
		if (first)
			pbuf_cat(first, p);
		else
			first = p;
	}
	return first;
}

static void check_sums(struct netif *n, bool check)
{
	const u16_t all =
		NETIF_CHECKSUM_CHECK_TCP | NETIF_CHECKSUM_CHECK_UDP | NETIF_CHECKSUM_CHECK_ICMP6;

	n->chksum_flags = (u16_t)(check ? n->chksum_flags | all : n->chksum_flags & ~all);
}

static void input(struct netif *n, const struct net_header *h, const uint8_t *frame, unsigned len)
{
	unsigned type = (unsigned)frame[12] << 8 | frame[13];
	struct net_counts *c = &net_counts[1];
	struct pbuf *p;

	c->rx_packets++;
	c->rx_bytes += len;
	c->multicast += (frame[0] & 1) && frame[0] != 0xff;
	if (type != ETHTYPE_IP && type != ETHTYPE_IPV6 && type != ETHTYPE_ARP)
		return;
	p = copy_in(frame + SIZEOF_ETH_HDR, len - SIZEOF_ETH_HDR);
	if (!p) {
		c->rx_dropped++;
		return;
	}
	p->if_idx = netif_get_index(n);
	if (frame[0] & 1)
		p->flags |= frame[0] == 0xff ? PBUF_FLAG_LLBCAST : PBUF_FLAG_LLMCAST;
	check_sums(n, !(net->flags & NET_RX_CSUM) ||
			      !(h->flags & (NET_HDR_NEEDS_CSUM | NET_HDR_DATA_VALID)));
	if (type == ETHTYPE_IP)
		ip4_input(p, n);
	else if (type == ETHTYPE_IPV6)
		ip6_input(p, n);
	else
		etharp_input(p, n);
}

bool eth_receive(struct netif *n)
{
	struct ring_rec rec;
	uint8_t *at;
	bool any = false;

	while (ring_next(&rx, &rec, &at) > 0) {
		struct net_header h;

		if (rec.len > sizeof(h) + SIZEOF_ETH_HDR &&
		    rec.len <= sizeof(h) + SIZEOF_ETH_HDR + 65535) {
			memcpy(&h, at, sizeof(h));
			input(n, &h, at + sizeof(h), rec.len - (uint32_t)sizeof(h));
		}
		ring_pop(&rx, &rec);
		any = true;
	}
	return any;
}
