// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Gathers the segments that lwIP sends one by one for one connection into a frame of up to 64 KiB
// (virtio 1.1, 5.1.6.2). The frame grows in the ring, where nobody sees it until gso_close(): at
// the first frame that does not continue it, and at the latest at the end of the call or of the
// poll in which it began (net_run), so nothing waits for more to come.
//
// Only what is the same for all segments may be merged: both headers, apart from lengths,
// checksums, the IPv4 identification and the sequence number, which the host counts on by itself,
// and PSH, which the last one decides.
#include <core/console.h>
#include <core/klib.h>
#include <lwip/def.h>
#include <lwip/inet_chksum.h>
#include <lwip/prot/ethernet.h>
#include <net/abi.h>
#include <net/gso.h>

#define FRAME_MAX (SIZEOF_ETH_HDR + 65000)
#define SEGMENT_MIN 512  /* smaller ones are not worth it */
#define FLAG_PSH 0x08
#define FLAG_ACK 0x10
#define V6_HDR 40

// Where the headers of a TCP segment are in its frame.
struct heads {
	bool v6;
	unsigned tcp, payload; // offsets; payload is the length of all headers
};

static struct {
	uint8_t *frame;        // in the ring, behind struct net_header; NULL: nothing is gathered
	unsigned len;
	struct heads heads;
	unsigned segment;      // payload of each but the last
	uint32_t next_seq;
} open;

static bool find_heads(const struct pbuf *p, struct heads *h)
{
	const uint8_t *f = p->payload, *ip = f + SIZEOF_ETH_HDR, *tcp;
	unsigned type;

	if (p->len < SIZEOF_ETH_HDR + 20)
		return false;
	type = (unsigned)f[12] << 8 | f[13];
	h->v6 = type == ETHTYPE_IPV6;
	if (ip[h->v6 ? 6 : 9] != IPPROTO_TCP)
		return false;
	if (!h->v6 && (type != ETHTYPE_IP || ip[0] != 0x45 || (ip[6] & 0x3f) || ip[7]))
		return false;
	h->tcp = SIZEOF_ETH_HDR + (h->v6 ? V6_HDR : 20);
	if (p->len < h->tcp + 20)
		return false;
	tcp = f + h->tcp;
	h->payload = h->tcp + (tcp[12] >> 4) * 4u;
	return h->payload <= p->len && (tcp[13] & ~FLAG_PSH) == FLAG_ACK;
}

static uint32_t seq_of(const uint8_t *frame, const struct heads *h)
{
	uint32_t seq;

	memcpy(&seq, frame + h->tcp + 4, 4);
	return lwip_ntohl(seq);
}

// The same headers, apart from what differs between segments of one connection.
static bool same_flow(const uint8_t *a, const uint8_t *b, const struct heads *h)
{
	const uint8_t *x = a + SIZEOF_ETH_HDR, *y = b + SIZEOF_ETH_HDR;
	unsigned t = h->tcp;

	if (memcmp(a, b, SIZEOF_ETH_HDR))
		return false;
	if (h->v6 ? memcmp(x, y, 4) || memcmp(x + 6, y + 6, 34)
		  : memcmp(x, y, 2) || memcmp(x + 6, y + 6, 4) || memcmp(x + 12, y + 12, 8))
		return false;
	return !memcmp(a + t, b + t, 4) && !memcmp(a + t + 8, b + t + 8, 5) &&
	       !memcmp(a + t + 14, b + t + 14, 2) &&
	       !memcmp(a + t + 18, b + t + 18, h->payload - t - 18);
}

// Copies what is behind the first `skip` bytes of the chain.
static void copy_chain(uint8_t *to, const struct pbuf *p, unsigned skip)
{
	for (; p; p = p->next) {
		unsigned n = p->len - MIN(skip, (unsigned)p->len);

		memcpy(to, (const uint8_t *)p->payload + p->len - n, n);
		to += n;
		skip -= p->len - n;
	}
}

static bool append(struct ring_end *tx, const struct pbuf *p, const struct heads *h)
{
	unsigned n = p->tot_len - h->payload;
	const uint8_t *f = p->payload;

	if (!open.frame || h->payload != open.heads.payload || h->v6 != open.heads.v6 || !n ||
	    n > open.segment || open.len + n > FRAME_MAX || seq_of(f, h) != open.next_seq ||
	    !same_flow(open.frame, f, h))
		return false;
	copy_chain(open.frame + open.len, p, h->payload);
	open.len += n;
	open.next_seq += n;
	open.frame[h->tcp + 13] |= f[h->tcp + 13] & FLAG_PSH;
	if (n < open.segment || (f[h->tcp + 13] & FLAG_PSH))
		gso_close(tx);
	return true;
}

static bool begin(struct ring_end *tx, const struct pbuf *p, const struct heads *h)
{
	unsigned n = p->tot_len - h->payload;
	uint8_t *at;
	int err;

	if (n < SEGMENT_MIN || (((const uint8_t *)p->payload)[h->tcp + 13] & FLAG_PSH))
		return false;
	at = ring_space(tx, sizeof(struct net_header) + FRAME_MAX, &err);
	if (!at)
		return false;
	open.frame = at + sizeof(struct net_header);
	open.len = p->tot_len;
	open.heads = *h;
	open.segment = n;
	open.next_seq = seq_of(p->payload, h) + n;
	copy_chain(open.frame, p, 0);
	return true;
}

bool gso_take(struct ring_end *tx, const struct pbuf *p)
{
	struct heads h;

	if (!find_heads(p, &h)) {
		gso_close(tx);
		return false;
	}
	if (append(tx, p, &h))
		return true;
	gso_close(tx);
	return begin(tx, p, &h);
}

// Lengths and checksums of the whole, as if it were one packet.
static void finish_heads(void)
{
	uint8_t *ip = open.frame + SIZEOF_ETH_HDR;
	unsigned before = SIZEOF_ETH_HDR + (open.heads.v6 ? V6_HDR : 0);
	uint16_t len = lwip_htons((uint16_t)(open.len - before)), sum = 0;

	if (open.heads.v6) {
		memcpy(ip + 4, &len, 2);
		return;
	}
	memcpy(ip + 2, &len, 2);
	memcpy(ip + 10, &sum, 2);
	sum = inet_chksum(ip, 20);
	memcpy(ip + 10, &sum, 2);
}

void gso_close(struct ring_end *tx)
{
	struct net_header *h;

	if (!open.frame)
		return;
	h = (struct net_header *)open.frame - 1;
	*h = (struct net_header){ .num_buffers = 1 };
	if (open.len > open.heads.payload + open.segment) {
		finish_heads();
		h->gso_type = open.heads.v6 ? NET_HDR_GSO_TCPV6 : NET_HDR_GSO_TCPV4;
		h->gso_size = (uint16_t)open.segment;
		h->hdr_len = (uint16_t)open.heads.payload;
	}
	eth_leave_checksum(h, open.frame, open.len);
	open.frame = NULL;
	ring_push(tx, (uint32_t)sizeof(*h) + open.len, 0);
	output_queued();
}
