// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// TCP connections by their four ends, for lwIP, which would walk a list for every segment. A
// connection is in here from its first segment until it is freed, TIME_WAIT included. The mixing is
// keyed, so that nobody outside can choose ends that collide.
#include <lwip/priv/tcp_priv.h>
#include <net/netif.h>

#define BUCKETS 1024

static struct tcp_pcb *table[BUCKETS];
static uint64_t key;

static struct tcp_pcb **bucket(const ip_addr_t *remote, u16_t local_port, u16_t remote_port)
{
	const u32_t *a = ip_2_ip6(remote)->addr;
	uint64_t h;

	if (!key)
		key = random_u64() | 1;
	h = (uint64_t)local_port << 16 | remote_port;
	h ^= (uint64_t)a[0] << 32;
	if (IP_IS_V6(remote))
		h ^= (a[2] ^ (uint64_t)a[3] << 32) * key ^ a[1];
	h = (h ^ key) * 0x9e3779b97f4a7c15ull;
	h ^= h >> 29;
	h *= key;
	return &table[h >> 54];
}

void tcp_hash_add(struct tcp_pcb *pcb)
{
	struct tcp_pcb **b = bucket(&pcb->remote_ip, pcb->local_port, pcb->remote_port);

	pcb->hash_next = *b;
	pcb->hash_pprev = b;
	if (*b)
		(*b)->hash_pprev = &pcb->hash_next;
	*b = pcb;
}

void tcp_hash_del(struct tcp_pcb *pcb)
{
	if (!pcb->hash_pprev)
		return;
	*pcb->hash_pprev = pcb->hash_next;
	if (pcb->hash_next)
		pcb->hash_next->hash_pprev = pcb->hash_pprev;
	pcb->hash_pprev = NULL;
}

struct tcp_pcb *tcp_hash_find(const ip_addr_t *local, u16_t local_port, const ip_addr_t *remote,
			      u16_t remote_port)
{
	struct tcp_pcb *p;

	for (p = *bucket(remote, local_port, remote_port); p; p = p->hash_next)
		if (p->remote_port == remote_port && p->local_port == local_port &&
		    ip_addr_cmp(&p->remote_ip, remote) && ip_addr_cmp(&p->local_ip, local))
			return p;
	return NULL;
}

// The oldest connections in TIME_WAIT go when there are too many of them, as with Linux's
// tcp_max_tw_buckets.
void tcp_trim_time_wait(unsigned max)
{
	struct tcp_pcb *p = tcp_tw_pcbs, *next;

	while (p && max--)
		p = p->next;
	for (; p; p = next) {
		next = p->next;
		tcp_abort(p);
	}
}
