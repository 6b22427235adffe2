// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// frame.h: the checksum of a packet that has none because it never left this host, for a guest whose
// network card cannot say so.
#include <arpa/inet.h>
#include <string.h>

#include <monitor/dev/frame.h>

#define TCP 6
#define UDP 17
#define TCP_CSUM 16 // RFC 9293, 3.1
#define UDP_CSUM 6  // RFC 768

// Where the packet above IP begins, and what it is; 0: there is nothing to do, or nothing sound.
static size_t find_payload(const uint8_t *ip, size_t len, unsigned type, unsigned *protocol,
			   size_t *payload_len)
{
	size_t head, all;

	if (type == 0x0800 && len >= 20 && ip[0] >> 4 == 4) {
		head = (ip[0] & 15u) * 4u;
		all = (size_t)ip[2] << 8 | ip[3];
		*protocol = ip[9];
		if ((ip[6] & 0x3f) || ip[7]) // a fragment: its sender has made the sum
			return 0;
	} else if (type == 0x86dd && len >= 40 && ip[0] >> 4 == 6) {
		head = 40;
		all = head + ((size_t)ip[4] << 8 | ip[5]);
		*protocol = ip[6];
	} else {
		return 0;
	}
	if (head < 20 || all < head || all > len)
		return 0;
	*payload_len = all - head;
	return head;
}

void frame_checksum(uint8_t *frame, size_t len)
{
	uint8_t *ip = frame + FRAME_ETHERNET, *sum_at;
	unsigned protocol, type, at;
	size_t head, n;
	uint16_t sum;
	bool v4;

	if (len < FRAME_ETHERNET + 20)
		return;
	type = (unsigned)frame[12] << 8 | frame[13];
	head = find_payload(ip, len - FRAME_ETHERNET, type, &protocol, &n);
	if (!head || (protocol != TCP && protocol != UDP) || n < (protocol == TCP ? 20 : 8))
		return;
	at = protocol == TCP ? TCP_CSUM : UDP_CSUM;
	v4 = type == 0x0800;
	sum_at = ip + head + at;
	memset(sum_at, 0, 2);
	// The pseudo header (RFC 9293, 3.1; RFC 8200, 8.1): addresses, protocol, length.
	sum = frame_sum(htons((uint16_t)protocol), ip + (v4 ? 12 : 8), v4 ? 8 : 32);
	sum = frame_sum((uint32_t)sum + htons((uint16_t)n), ip + head, n);
	sum = (uint16_t)~sum;
	if (!sum)
		sum = 0xffff;
	memcpy(sum_at, &sum, 2);
}
