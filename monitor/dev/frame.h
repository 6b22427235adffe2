// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Ethernet frames of named networks: who may send what, and what offloads leave to be done.
//
// Member n of a network (monitor/dev/net_named.c) has addresses that follow from n alone, so that
// a frame can be checked against its sender without a table. What a member may send: ARP, IPv4 and
// IPv6 from its own addresses only, answers to questions for its own addresses only, and nothing
// that a router says.
//
// All functions take bytes that nobody else can change, and a length that is that of the bytes.
#ifndef MONITOR_DEV_FRAME_H
#define MONITOR_DEV_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pith/net_header.h>

#define FRAME_SUBNET 0x0a590000u /* 10.89.0.0/24, host order */
#define FRAME_PREFIX6 "fd70:6974:6800::" /* RFC 4193; a /64 */

#define FRAME_ETHERNET 14 // RFC 894: destination, source, type
#define FRAME_MULTICAST 1 // bit of the first byte (IEEE 802)

// As much of a frame as frame_allowed() looks at, if it is as long.
#define FRAME_HEAD 128

void frame_mac(uint8_t mac[6], uint8_t member);
uint32_t frame_v4(uint8_t member); // network order
// The address that stateless autoconfiguration makes of the MAC (RFC 4291, appendix A).
void frame_v6(uint8_t addr[16], uint8_t member);

// Whose MAC is it? 0: nobody's.
uint8_t frame_member_of(const uint8_t mac[6]);

// May this member send this frame? `head` has the first MIN(len, FRAME_HEAD) bytes of it.
bool frame_allowed(const uint8_t *head, size_t len, uint8_t member);

// Makes the checksum that NET_HDR_NEEDS_CSUM leaves. Gives false if the header does not fit the
// frame.
bool frame_finish(const struct net_header *h, uint8_t *frame, size_t len);

// Makes the checksum of TCP or UDP whatever is there; of a fragment, and of what is no sound packet,
// it changes nothing.
void frame_checksum(uint8_t *frame, size_t len);

// Cuts a TCP packet of many segments (gso_type, gso_size) into frames of one segment each, whose
// IPv4 header is right and whose TCP checksum is not made. Gives false if it is no such packet.
bool frame_cut(const struct net_header *h, const uint8_t *frame, size_t len,
	       void (*emit)(void *arg, const uint8_t *frame, size_t len), void *arg);

// One's complement sum over bytes (RFC 1071), folded, to go on from `sum`; not inverted.
uint16_t frame_sum(uint32_t sum, const uint8_t *p, size_t n);

#endif
