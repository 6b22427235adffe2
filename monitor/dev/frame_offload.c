// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// frame.h: what a guest left to be done because it was told that it may (NET_TX_CSUM, NET_TX_TSO).
#include <arpa/inet.h>
#include <string.h>

#include <monitor/dev/frame.h>

#define FLAG_FIN 0x01
#define FLAG_PSH 0x08
#define SEGMENT_MIN 256  // smaller ones nobody needs, and they cost most
#define SEGMENT_MAX 9000

uint16_t frame_sum(uint32_t sum, const uint8_t *p, size_t n)
{
	uint64_t wide = sum;
	uint16_t last = 0;
	uint32_t word;

	for (; n >= 4; n -= 4, p += 4) {
		memcpy(&word, p, 4);
		wide += word;
	}
	for (; n >= 2; n -= 2, p += 2) {
		memcpy(&last, p, 2);
		wide += last;
	}
	if (n) {
		last = 0;
		memcpy(&last, p, 1);
		wide += last;
	}
	while (wide >> 16)
		wide = (wide & 0xffff) + (wide >> 16);
	return (uint16_t)wide;
}

bool frame_finish(const struct net_header *h, uint8_t *frame, size_t len)
{
	size_t at = (size_t)h->csum_start + h->csum_offset;
	uint16_t sum;

	if (!(h->flags & NET_HDR_NEEDS_CSUM))
		return true;
	if (h->csum_start < FRAME_ETHERNET || at + 2 > len)
		return false;
	sum = (uint16_t)~frame_sum(0, frame + h->csum_start, len - h->csum_start);
	if (!sum)
		sum = 0xffff; // zero says that there is none (RFC 768)
	memcpy(frame + at, &sum, 2);
	return true;
}

// Offsets of the headers of a TCP packet.
struct heads {
	bool v6;
	size_t tcp, payload;
};

static bool find_heads(const struct net_header *h, const uint8_t *f, size_t len, struct heads *at)
{
	unsigned type = len > FRAME_ETHERNET ? (unsigned)f[12] << 8 | f[13] : 0;

	at->v6 = h->gso_type == NET_HDR_GSO_TCPV6;
	at->tcp = FRAME_ETHERNET + (at->v6 ? 40 : 20);
	if (h->gso_type != (at->v6 ? NET_HDR_GSO_TCPV6 : NET_HDR_GSO_TCPV4) ||
	    type != (at->v6 ? 0x86dd : 0x0800) || len < at->tcp + 20 ||
	    (at->v6 ? f[20] : f[23]) != 6 || (!at->v6 && f[14] != 0x45))
		return false;
	at->payload = at->tcp + (f[at->tcp + 12] >> 4) * 4u;
	return at->payload >= at->tcp + 20 && at->payload < len && h->gso_size >= SEGMENT_MIN &&
	       h->gso_size <= SEGMENT_MAX;
}

// The headers of the segment whose payload of n bytes is the whole one's at `off`; `number` are
// before it.
static void segment_heads(uint8_t *f, const struct heads *at, size_t off, size_t n, unsigned number,
			  bool last)
{
	uint8_t *ip = f + FRAME_ETHERNET, *tcp = f + at->tcp;
	uint16_t len = htons((uint16_t)(at->payload + n - FRAME_ETHERNET - (at->v6 ? 40 : 0)));
	uint16_t id, sum = 0;
	uint32_t seq;

	memcpy(&seq, tcp + 4, 4);
	seq = htonl(ntohl(seq) + (uint32_t)off);
	memcpy(tcp + 4, &seq, 4);
	if (!last)
		tcp[13] &= (uint8_t)~(FLAG_FIN | FLAG_PSH);
	memcpy(ip + (at->v6 ? 4 : 2), &len, 2);
	if (at->v6)
		return;
	memcpy(&id, ip + 4, 2);
	id = htons((uint16_t)(ntohs(id) + number));
	memcpy(ip + 4, &id, 2);
	memcpy(ip + 10, &sum, 2);
	sum = (uint16_t)~frame_sum(0, ip, 20);
	memcpy(ip + 10, &sum, 2);
}

bool frame_cut(const struct net_header *h, const uint8_t *frame, size_t len,
	       void (*emit)(void *arg, const uint8_t *frame, size_t len), void *arg)
{
	static uint8_t segment[FRAME_ETHERNET + 40 + 60 + SEGMENT_MAX];
	struct heads at;
	unsigned number = 0;

	if (len > NET_FRAME_MAX || !find_heads(h, frame, len, &at))
		return false;
	for (size_t off = 0, n; at.payload + off < len; off += n, number++) {
		n = len - at.payload - off;
		if (n > h->gso_size)
			n = h->gso_size;
		memcpy(segment, frame, at.payload);
		memcpy(segment + at.payload, frame + at.payload + off, n);
		segment_heads(segment, &at, off, n, number, at.payload + off + n == len);
		emit(arg, segment, at.payload + n);
	}
	return true;
}
