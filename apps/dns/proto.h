// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Numbers of the DNS protocol (RFC 1035 unless said otherwise), readers and writers of its
// big-endian fields, and a copy for the short pieces that messages are made of.
#ifndef DNS_PROTO_H
#define DNS_PROTO_H

#include <stdint.h>
#include <string.h>

#define DNS_HEADER_LEN 12
#define DNS_UDP_MAX 512      // RFC 1035 4.2.1: without EDNS
#define DNS_EDNS_MAX 1232    // what fits an unfragmented IPv6 packet everywhere
#define DNS_MESSAGE_MAX 65535
#define DNS_POINTER_MAX 0x3fff
#define DNS_OPT_LEN 11       // RFC 6891 6.1.2: an OPT record without options

// The 16 flag bits of the header.
#define DNS_QR 0x8000
#define DNS_OPCODE 0x7800
#define DNS_OPCODE_SHIFT 11
#define DNS_AA 0x0400
#define DNS_TC 0x0200
#define DNS_RD 0x0100
#define DNS_AD 0x0020
#define DNS_RCODE 0x000f

enum { OPCODE_QUERY = 0, OPCODE_NOTIFY = 4 };

enum {
	RCODE_OK = 0, RCODE_FORMERR = 1, RCODE_NXDOMAIN = 3, RCODE_NOTIMP = 4,
	RCODE_REFUSED = 5, RCODE_YXDOMAIN = 6,
};

enum {
	TYPE_A = 1, TYPE_NS = 2, TYPE_CNAME = 5, TYPE_SOA = 6, TYPE_PTR = 12, TYPE_MX = 15,
	TYPE_AAAA = 28, TYPE_SRV = 33, TYPE_DNAME = 39, TYPE_OPT = 41, TYPE_DS = 43,
	TYPE_DNSKEY = 48, TYPE_IXFR = 251, TYPE_AXFR = 252, TYPE_ANY = 255,
};

enum { CLASS_IN = 1, CLASS_CH = 3, CLASS_ANY = 255 };

// Extended DNS errors, RFC 8914 section 4.
enum {
	EDE_OPTION = 15, EDE_NONE = -1, EDE_OTHER = 0, EDE_PROHIBITED = 18,
	EDE_NOT_AUTHORITATIVE = 20, EDE_NOT_SUPPORTED = 21,
};

static inline uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static inline void put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

// For pieces of some ten octets: compiled for size, memcpy() becomes a string instruction, which
// takes longer to start than this takes to end.
static inline void copy_short(uint8_t *to, const uint8_t *from, unsigned n)
{
	if (n >= 8) {
		for (unsigned i = 0; i + 8 < n; i += 8)
			memcpy(to + i, from + i, 8);
		memcpy(to + n - 8, from + n - 8, 8); // may overlap the one before
		return;
	}
	while (n--)
		*to++ = *from++;
}

#endif
