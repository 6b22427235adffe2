// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The network of an instance: loopback, and one Ethernet in the rings of boot_block.net. A record
// is struct virtio_net_hdr_v1 (virtio 1.1, 5.1.6) and a frame.
//
// Input: the poller takes every record there is, copies the packet behind the Ethernet header into
// pbufs of its own (frames of up to 64 KiB, so chains of pages) and hands it to lwIP. Output:
// lwIP's chain is copied once, into the ring. A full ring is given to the host once; if it is still
// full, the frame is lost, as on a wire.
#include <lwip/dhcp.h>
#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/igmp.h>
#include <lwip/mld6.h>
#include <lwip/nd6.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/udp.h>
#include <mm/mm.h>
#include <net/eth.h>
#include <net/inet.h>
#include <net/netif.h>

#define DHCP_WAIT_NS (10 * NSEC)
#define SPIN_NS 1000000
#define LOOP_ROUNDS 64 /* two ends that answer each other forever must not keep the vcpu */

struct netif net_eth, *net_lo;
unsigned net_tcp_window, net_tcp_send_buffer, net_tcp_time_wait_max;
static const struct boot_net *net;
static ip_addr_t dhcp_dns[DNS_MAX_SERVERS];
struct net_counts net_counts[2];
static uint64_t last_poll;
static bool looping; // what comes in was sent by ourselves

// lwIP's DHCP client tells the name servers so.
void dns_setserver(u8_t i, const ip_addr_t *server)
{
	if (i < DNS_MAX_SERVERS)
		dhcp_dns[i] = *server;
}

int net_resolv_conf(char *buf, size_t n)
{
	int len = 0;

	*buf = 0;
	for (int i = 0; i < 3; i++) {
		const ip_addr_t *a = &dhcp_dns[i];
		char text[IPADDR_STRLEN_MAX];

		if (!ip_addr_isany(a) && (size_t)len < n)
			len += ksnprintf(buf + len, n - (size_t)len, "nameserver %s\n",
					 ipaddr_ntoa_r(a, text, sizeof(text)));
	}
	return MIN(len, (int)n - 1);
}

void net_count_looped(const struct pbuf *p)
{
	struct net_counts *c = &net_counts[0];

	if (!looping)
		return;
	c->rx_packets = ++c->tx_packets;
	c->rx_bytes = c->tx_bytes += p->tot_len;
}

void net_run(void)
{
	struct netif *n;

	for (int i = 0; i < LOOP_ROUNDS; i++) {
		bool any = false;

		NETIF_FOREACH(n) {
			any |= n->loop_first != NULL;
			looping = true;
			netif_poll(n);
			looping = false;
		}
		if (!any)
			break;
	}
	eth_flush();
}

static bool net_poll(void)
{
	bool any = net_lo->loop_first != NULL;

	last_poll = time_now();
	if (net_eth.state)
		any |= eth_receive(&net_eth);
	net_timers_run(last_poll);
	net_run();
	return any;
}

void net_spin(void)
{
	if (time_now() - last_poll < SPIN_NS)
		return;
	host_wait(0);
	sched_poll();
}

static bool net_busy(void)
{
	return net_eth.state && eth_unsent();
}

// Windows by what there is: an instance of 4 MiB must be able to hold some dozen connections, one
// of 64 MiB to fill a fast line.
static void set_limits(uint64_t memory)
{
	net_tcp_window = (unsigned)MIN(MAX(memory / 64, 32768ul), 1048576ul);
	net_tcp_send_buffer = (unsigned)MIN(MAX(memory / 128, 32768ul), 524288ul);
	net_tcp_time_wait_max = (unsigned)MIN(memory / 4096, 16384ul);
}

static void set_name_servers(void)
{
	for (uint32_t i = 0; i < net->dns_count && i < 3; i++) {
		ip6_addr_t a;

		memset(&a, 0, sizeof(a));
		memcpy(a.addr, net->dns[i], 16);
		if (ip6_addr_isipv4mappedipv6(&a))
			ip_addr_set_ip4_u32_val(dhcp_dns[i], a.addr[3]);
		else
			ip_addr_copy_from_ip6(dhcp_dns[i], a);
	}
}

// An address of our own on a link of our own: duplicates are not looked for, so it can be used at
// once.
static void start_v6(struct netif *n)
{
	ip6_addr_t given;

	netif_create_ip6_linklocal_address(n, 1);
	netif_ip6_addr_set_state(n, 0, IP6_ADDR_PREFERRED);
	memset(&given, 0, sizeof(given));
	memcpy(given.addr, net->v6_addr, sizeof(net->v6_addr));
	if (!ip6_addr_isany(&given)) {
		netif_ip6_addr_set(n, 1, &given);
		netif_ip6_addr_set_state(n, 1, IP6_ADDR_PREFERRED);
	}
	netif_set_ip6_autoconfig_enabled(n, ip6_addr_isany(&given));
	nd6_tmr();
}

static void start_ethernet(void)
{
	ip4_addr_t addr = { net->v4_addr }, mask = { net->v4_mask }, gw = { net->v4_gateway };

	if (!netif_add(&net_eth, &addr, &mask, &gw, (void *)net, eth_init, NULL))
		return;
	netif_set_default(&net_eth);
	netif_set_link_up(&net_eth);
	netif_set_up(&net_eth);
	set_name_servers();
	if (net->flags & NET_V6_AUTO)
		start_v6(&net_eth);
	if (net->flags & NET_DHCP)
		dhcp_start(&net_eth);
}

void net_init(const struct boot_block *boot)
{
	static struct poller poller = { .poll = net_poll,
					.deadline = net_timers_next,
					.busy = net_busy };

	net = &boot->net;
	set_limits(boot->memory);
	netif_init();
	net_lo = netif_list;
	NETIF_SET_CHECKSUM_CTRL(net_lo, NETIF_CHECKSUM_DISABLE_ALL);
	udp_init();
	tcp_init();
	igmp_init();
	if (net->present)
		start_ethernet();
	poller_register(&poller);
}

void net_start(void)
{
	uint64_t deadline = time_now() + DHCP_WAIT_NS;
	struct wait_queue q;
	struct waiter w;

	if (!net_eth.state || !(net->flags & NET_DHCP))
		return;
	wait_queue_init(&q);
	wait_begin(&q, &w);
	while (!dhcp_supplied_address(&net_eth) && time_now() < deadline)
		wait_sleep(time_now() + 5000000, false);
	wait_end(&w);
	if (!dhcp_supplied_address(&net_eth))
		klog("network: no answer by DHCP; give an address: --net tap:NAME,ip=ADDRESS/BITS");
}
