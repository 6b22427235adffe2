// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What /proc/net says of interfaces and of sockets of AF_UNIX, and /sys/class/net. Formats: proc(5),
// Linux's net/core/net-procfs.c, net/unix/af_unix.c, Documentation/ABI/testing/sysfs-class-net.
#include <fs/procfs.h>
#include <net/abi.h>
#include <net/netif.h>
#include <net/unix_sock.h>

#pragma weak unix_all

#define SO_ACCEPTCON 0x10000 /* include/uapi/linux/net.h: it listens */
#define SS_UNCONNECTED 1
#define SS_CONNECTED 3
#define IFF_RUNNING 0x40 /* not among the flags of /sys */
#define ARPHRD_ETHER 1
#define ARPHRD_LOOPBACK 772

void proc_net_dev(struct text *t)
{
	struct netif *n;

	text_add(t, "Inter-|   Receive                                                |  Transmit\n"
		    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets "
		    "errs drop fifo colls carrier compressed\n");
	NET_FOREACH(n) {
		const struct net_counts *c = &net_counts[n != net_lo];

		text_add(t, "%6s: %7lu %7lu    0 %4lu    0     0          0 %9lu %8lu %7lu    0 %4lu"
			    "    0     0       0          0\n",
			 netif_name(n), c->rx_bytes, c->rx_packets, c->rx_dropped, c->multicast,
			 c->tx_bytes, c->tx_packets, c->tx_dropped);
	}
}

// An abstract name shows its NULs as @.
static void put_name(struct text *t, const struct unix_name *n)
{
	unsigned len = n->path[0] ? n->len - 1 : n->len;

	text_add(t, " ");
	for (unsigned i = 0; i < len; i++)
		text_add(t, "%c", n->path[i] ? n->path[i] : '@');
}

void proc_net_unix(struct text *t)
{
	text_add(t, "Num       RefCount Protocol Flags    Type St Inode Path\n");
	if (!&unix_all)
		return;
	list_for_each(l, &unix_all) {
		const struct unix_sock *u = list_entry(l, struct unix_sock, all);

		text_add(t, "%016x: %08X %08X %08X %04X %02X %5lu", 0u, u->peer ? 3u : 2u, 0u,
			 u->s.listening ? SO_ACCEPTCON : 0u, (unsigned)u->s.type,
			 u->peer ? SS_CONNECTED : SS_UNCONNECTED, sock_ino(&u->s));
		if (u->name.len)
			put_name(t, &u->name);
		text_add(t, "\n");
	}
}

static bool of_eth(const char *record)
{
	return record[0] == 'N' || record[0] == 'Q';
}

bool proc_more_hidden(const char *record)
{
	return record[0] == 'L' && record[2] == 'e' && !net_eth.state;
}

static void put_address(struct text *t, const uint8_t *a)
{
	text_add(t, "%02x:%02x:%02x:%02x:%02x:%02x\n", a[0], a[1], a[2], a[3], a[4], a[5]);
}

static bool counter_text(struct text *t, const char *name, const struct net_counts *c)
{
	const struct {
		const char *name;
		uint64_t value;
	} all[] = {
		{ "rx_bytes", c->rx_bytes },     { "rx_packets", c->rx_packets },
		{ "rx_dropped", c->rx_dropped }, { "multicast", c->multicast },
		{ "tx_bytes", c->tx_bytes },     { "tx_packets", c->tx_packets },
		{ "tx_dropped", c->tx_dropped },
	};

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (!strcmp(name, all[i].name)) {
			text_add(t, "%lu\n", all[i].value);
			return true;
		}
	return false;
}

void proc_net_interface(struct text *t, const char *record)
{
	static const uint8_t none[6], all[6] = { 255, 255, 255, 255, 255, 255 };
	const char *name = record + 2;
	bool eth = of_eth(record);
	const struct netif *n = eth ? &net_eth : net_lo;

	if (counter_text(t, name, &net_counts[eth]))
		return;
	if (!strcmp(name, "address"))
		put_address(t, eth ? n->hwaddr : none);
	else if (!strcmp(name, "broadcast"))
		put_address(t, eth ? all : none);
	else if (!strcmp(name, "mtu"))
		text_add(t, "%u\n", netif_mtu(n));
	else if (!strcmp(name, "flags"))
		text_add(t, "0x%x\n", netif_flags(n) & ~(unsigned)IFF_RUNNING);
	else if (!strcmp(name, "operstate"))
		text_add(t, "%s\n", eth ? "up" : "unknown");
	else if (!strcmp(name, "type"))
		text_add(t, "%u\n", eth ? ARPHRD_ETHER : ARPHRD_LOOPBACK);
	else if (!strcmp(name, "uevent"))
		text_add(t, "INTERFACE=%s\nIFINDEX=%d\n", netif_name(n), netif_number(n));
	else // ifindex, iflink
		text_add(t, "%d\n", netif_number(n));
}
