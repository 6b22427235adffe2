// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Initial sequence numbers as RFC 6528 has them: a clock of 4 us plus a keyed hash of the
// connection's ends, so that they cannot be guessed from other connections and still grow for one
// pair of ends. The hash is SipHash-2-4 (Aumasson and Bernstein, 2012).
#include <lwip/ip_addr.h>
#include <lwip_hooks.h>
#include <net/inet.h>

static uint64_t rotl(uint64_t v, int n)
{
	return v << n | v >> (64 - n);
}

static void round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotl(v[1], 13) ^ v[0];
	v[0] = rotl(v[0], 32);
	v[2] += v[3];
	v[3] = rotl(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotl(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotl(v[1], 17) ^ v[2];
	v[2] = rotl(v[2], 32);
}

static uint64_t siphash(const uint64_t key[2], const uint64_t *m, unsigned words)
{
	uint64_t v[4] = { key[0] ^ 0x736f6d6570736575ull, key[1] ^ 0x646f72616e646f6dull,
			  key[0] ^ 0x6c7967656e657261ull, key[1] ^ 0x7465646279746573ull };
	uint64_t last = (uint64_t)words * 8 << 56;

	for (unsigned i = 0; i <= words; i++) {
		uint64_t w = i < words ? m[i] : last;

		v[3] ^= w;
		round(v);
		round(v);
		v[0] ^= w;
	}
	v[2] ^= 0xff;
	for (int i = 0; i < 4; i++)
		round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

u32_t net_tcp_isn(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
		  u16_t remote_port)
{
	static uint64_t key[2];
	uint64_t m[5] = { 0 };

	if (!key[0])
		random_bytes(key, sizeof(key));
	memcpy(&m[0], local, 16);
	memcpy(&m[2], remote, 16);
	m[4] = (uint64_t)local_port << 16 | remote_port | (uint64_t)IP_GET_TYPE(local) << 32;
	return (u32_t)siphash(key, m, 5) + (u32_t)(time_now() / 4000);
}
