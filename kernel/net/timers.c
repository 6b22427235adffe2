// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// lwIP's timers, each run only while it has something to do, so that an idle instance sleeps. A
// timer that is not needed is at FOREVER; whatever makes it needed is looked at whenever the
// scheduler asks when to wake (net_timers_next), which it does before every sleep.
#include <lwip/dhcp.h>
#include <lwip/etharp.h>
#include <lwip/igmp.h>
#include <lwip/ip4_frag.h>
#include <lwip/ip6_frag.h>
#include <lwip/mld6.h>
#include <lwip/nd6.h>
#include <lwip/priv/tcp_priv.h>
#include <net/netif.h>
#include <sched/sched.h>

#define MS 1000000ull

static bool tcp_needed(void)
{
	return tcp_active_pcbs || tcp_tw_pcbs;
}

static bool eth_needed(void)
{
	return net_eth.state != NULL;
}

static bool dhcp_asking(void)
{
	const struct dhcp *d = netif_dhcp_data(&net_eth);

	return net_eth.state && d && d->request_timeout;
}

static bool dhcp_used(void)
{
	return net_eth.state && netif_dhcp_data(&net_eth);
}

static bool reports_due(void)
{
	struct netif *n;

	NETIF_FOREACH(n) {
		for (struct igmp_group *g = netif_igmp_data(n); g; g = g->next)
			if (g->timer)
				return true;
		for (struct mld_group *g = netif_mld6_data(n); g; g = g->next)
			if (g->timer)
				return true;
	}
	return false;
}

// An ACK is held back, or lwIP holds data or a FIN that it could not pass on.
u8_t tcp_fast_work;

static bool fast_needed(void)
{
	return tcp_fast_work;
}

static void fast_timer(void)
{
	tcp_fast_work = 0;
	tcp_fasttmr();
}

static void slow_timer(void)
{
	tcp_slowtmr();
	tcp_trim_time_wait(net_tcp_time_wait_max);
}

static void group_timers(void)
{
	igmp_tmr();
	mld6_tmr();
}

static void slow_timers(void)
{
	ip_reass_tmr();
	ip6_reass_tmr();
	etharp_tmr();
	nd6_tmr();
}

static struct net_timer {
	uint32_t interval_ms;
	bool (*needed)(void);
	void (*run)(void);
	uint64_t next; // FOREVER: not needed when it was last looked at
} timers[] = {
	{ TCP_FAST_INTERVAL, fast_needed, fast_timer, FOREVER },
	{ TCP_SLOW_INTERVAL, tcp_needed, slow_timer, FOREVER },
	{ 1000, eth_needed, slow_timers, FOREVER },
	{ DHCP_FINE_TIMER_MSECS, dhcp_asking, dhcp_fine_tmr, FOREVER },
	{ DHCP_COARSE_TIMER_SECS * 1000, dhcp_used, dhcp_coarse_tmr, FOREVER },
	{ IGMP_TMR_INTERVAL, reports_due, group_timers, FOREVER },
};

void net_timers_run(uint64_t now)
{
	for (size_t i = 0; i < ARRAY_LEN(timers); i++) {
		struct net_timer *t = &timers[i];

		if (now < t->next)
			continue;
		t->next = now + t->interval_ms * MS;
		t->run();
	}
}

uint64_t net_timers_next(void)
{
	uint64_t next = FOREVER;

	for (size_t i = 0; i < ARRAY_LEN(timers); i++) {
		struct net_timer *t = &timers[i];

		if (!t->needed())
			t->next = FOREVER;
		else if (t->next == FOREVER)
			t->next = time_now() + t->interval_ms * MS;
		next = MIN(next, t->next);
	}
	return next;
}

// lwIP says so when a connection begins; we ask before every sleep anyway.
void tcp_timer_needed(void)
{
}

u32_t sys_now(void)
{
	return (u32_t)(time_now() / MS);
}
