// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What of /proc and /sys only larger programs look for; see procfs.h. Letters of kinds that are
// free in fs/procfs.c: 3 to 9, $, + and ~. Directories: A to Q, but for P.
#include <fs/abi.h>
#include <fs/procfs.h>
#include <linux/process.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/udp.h>
#include <mm/mm.h>
#include <net/netif.h>
#include <net/socket.h>

const char proc_more[] =
	"PIfdinfo\0\0"
	"Pilimits\0\0"
	"P=oom_score\0" "0\n\0"
	"P=coredump_filter\0" "00000033\n\0"
	"P=personality\0" "00000000\n\0"
	"Pdnet\0A\0"
	"pdnet\0A\0"
	"A3dev\0\0"
	"A4route\0\0"
	"A5if_inet6\0\0"
	"A6tcp\0\0"
	"A7tcp6\0\0"
	"A8udp\0\0"
	"A9udp6\0\0"
	"A+unix\0\0"
	"p=swaps\0Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n\0"
	"p=partitions\0major minor  #blocks  name\n\n\0"
	"p=devices\0Character devices:\n  1 mem\n  5 /dev/tty\n\nBlock devices:\n\0"
	"k=ngroups_max\0" "65536\n\0"
	"k=core_pattern\0core\n\0"
	"k=core_uses_pid\0" "0\n\0"
	"k=randomize_va_space\0" "2\n\0"
	"k=shmmax\0" "18446744073692774399\n\0"
	"k=shmall\0" "18446744073692774399\n\0"
	"k=shmmni\0" "4096\n\0"
	"k=sem\0" "32000\t1024000000\t500\t32000\n\0"
	"r=poolsize\0" "256\n\0"
	"v=overcommit_ratio\0" "50\n\0"
	"v=mmap_min_addr\0" "65536\n\0"
	"v=nr_hugepages\0" "0\n\0"
	"fdinotify\0B\0"
	"B=max_queued_events\0" "16384\n\0"
	"B=max_user_instances\0" "1024\n\0"
	"B=max_user_watches\0" "1048576\n\0"
	"c=rmem_max\0" "212992\n\0"
	"c=wmem_max\0" "212992\n\0"
	"c=rmem_default\0" "212992\n\0"
	"c=wmem_default\0" "212992\n\0"
	"ndipv4\0C\0"
	"C=ip_local_port_range\0" "49152\t65535\n\0"
	"C=tcp_congestion_control\0reno\n\0"
	"C=tcp_available_congestion_control\0reno\n\0"
	"C=tcp_fastopen\0" "0\n\0"
	"C=ip_nonlocal_bind\0" "0\n\0"
	"ydclass\0K\0"
	"Kdnet\0L\0"
	"Ldlo\0M\0"
	"Ldeth0\0N\0"
	"M~address\0\0"
	"M~broadcast\0\0"
	"M~mtu\0\0"
	"M~flags\0\0"
	"M~ifindex\0\0"
	"M~iflink\0\0"
	"M~operstate\0\0"
	"M~type\0\0"
	"M~uevent\0\0"
	"M=addr_len\0" "6\n\0"
	"M=carrier\0" "1\n\0"
	"M=tx_queue_len\0" "1000\n\0"
	"Mdstatistics\0O\0"
	"O~rx_bytes\0\0"
	"O~rx_packets\0\0"
	"O~rx_dropped\0\0"
	"O~multicast\0\0"
	"O~tx_bytes\0\0"
	"O~tx_packets\0\0"
	"O~tx_dropped\0\0"
	"O=rx_errors\0" "0\n\0"
	"O=tx_errors\0" "0\n\0"
	"O=collisions\0" "0\n\0"
	"N~address\0\0"
	"N~broadcast\0\0"
	"N~mtu\0\0"
	"N~flags\0\0"
	"N~ifindex\0\0"
	"N~iflink\0\0"
	"N~operstate\0\0"
	"N~type\0\0"
	"N~uevent\0\0"
	"N=addr_len\0" "6\n\0"
	"N=carrier\0" "1\n\0"
	"N=tx_queue_len\0" "1000\n\0"
	"Ndstatistics\0Q\0"
	"Q~rx_bytes\0\0"
	"Q~rx_packets\0\0"
	"Q~rx_dropped\0\0"
	"Q~multicast\0\0"
	"Q~tx_bytes\0\0"
	"Q~tx_packets\0\0"
	"Q~tx_dropped\0\0"
	"Q=rx_errors\0" "0\n\0"
	"Q=tx_errors\0" "0\n\0"
	"Q=collisions\0" "0\n\0"
	"N=speed\0-1\n\0"
	"N=duplex\0unknown\n\0"
	"ydblock\0D\0"
	"ydfs\0E\0"
	"Edcgroup\0D\0"
	"3=kernel_max\0" "0\n\0"
	"3dcpu0\0F\0"
	"Fdtopology\0G\0"
	"G=core_id\0" "0\n\0"
	"G=physical_package_id\0" "0\n\0"
	"G=thread_siblings_list\0" "0\n\0"
	"G=core_siblings_list\0" "0\n\0"
	"G=thread_siblings\0" "1\n\0"
	"2dnode\0H\0"
	"H=online\0" "0\n\0"
	"H=possible\0" "0\n\0"
	"H=has_normal_memory\0" "0\n\0"
	"Hdnode0\0J\0"
	"J=cpulist\0" "0\n\0"
	"J=cpumap\0" "1\n\0"
	"J=distance\0" "10\n\0"
	"J$meminfo\0\0";
const size_t proc_more_len = sizeof(proc_more) - 1;

#define FDINFO '1'
#define FLAG_DIGITS 8
#define FLAGS_OF_OPEN 02000000 /* O_CLOEXEC, which is the descriptor's */

static void fdinfo_text(struct text *t, struct process *p, int fd)
{
	struct file *f = p && p->files ? fd_get_of(p->files, fd) : NULL;
	struct kstat st;
	unsigned flags;

	if (!f)
		return;
	flags = f->flags | (p == current_process() && fd_cloexec(fd, -1) ? FLAGS_OF_OPEN : 0);
	text_add(t, "pos:\t%lu\nflags:\t0", f->pos);
	for (int digit = FLAG_DIGITS; digit--;)
		text_add(t, "%u", flags >> 3 * digit & 7);
	text_add(t, "\nmnt_id:\t20\n");
	if (!file_stat(f, &st))
		text_add(t, "ino:\t%lu\n", st.ino);
	file_put(f);
}

static void route_line(struct text *t, const struct netif *n, uint32_t to, uint32_t gateway,
		       uint32_t mask)
{
	text_add(t, "%s\t%08X\t%08X\t%04X\t0\t0\t0\t%08X\t0\t0\t0\n", netif_name(n), to, gateway,
		 gateway ? 3 : 1, mask); // RTF_UP, RTF_GATEWAY
}

static void route_text(struct text *t)
{
	const struct netif *d = netif_default;
	struct netif *n;

	text_add(t, "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow"
		    "\tIRTT\n");
	if (d && ip4_addr_get_u32(netif_ip4_gw(d)))
		route_line(t, d, 0, ip4_addr_get_u32(netif_ip4_gw(d)), 0);
	NET_FOREACH(n) {
		uint32_t mask = ip4_addr_get_u32(netif_ip4_netmask(n)),
			 addr = ip4_addr_get_u32(netif_ip4_addr(n));

		if (n != net_lo && addr)
			route_line(t, n, addr & mask, 0, mask);
	}
}

static void if_inet6_text(struct text *t)
{
	struct netif *n;

	NET_FOREACH(n)
		for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
			const ip6_addr_t *a = netif_ip6_addr(n, i);

			if (!ip6_addr_isvalid(netif_ip6_addr_state(n, i)))
				continue;
			for (int w = 0; w < 4; w++)
				text_add(t, "%08x", lwip_ntohl(a->addr[w]));
			text_add(t, " %02x %02x %02x 80 %8s\n", (unsigned)netif_number(n),
				 n == net_lo ? 128u : 64u,
				 n == net_lo ? 0x10u : ip6_addr_islinklocal(a) ? 0x20u : 0u,
				 netif_name(n));
		}
}

static void put_end(struct text *t, const ip_addr_t *a, unsigned port, bool v6)
{
	if (!v6)
		text_add(t, " %08X:%04X", IP_IS_V4(a) ? ip_addr_get_ip4_u32(a) : 0, port);
	else
		text_add(t, " %08X%08X%08X%08X:%04X", ip_2_ip6(a)->addr[0], ip_2_ip6(a)->addr[1],
			 ip_2_ip6(a)->addr[2], ip_2_ip6(a)->addr[3], port);
}

// `remote` is NULL for who listens: lwIP leaves it out there.
static void put_socket(struct text *t, unsigned slot, const ip_addr_t *local, unsigned local_port,
		       const ip_addr_t *remote, unsigned remote_port, unsigned state, bool v6,
		       const struct sock *s)
{
	static const ip_addr_t any;

	text_add(t, "%4u:", slot);
	put_end(t, local, local_port, v6);
	put_end(t, remote ? remote : &any, remote_port, v6);
	text_add(t, " %02X 00000000:00000000 00:00000000 00000000     0        0 %lu 1 0 100 0 0 10 0\n",
		 state, s ? sock_ino(s) : 0);
}

static void tcp_text(struct text *t, bool v6)
{
	// Linux's numbers for lwIP's states (net/tcp_options.c).
	static const uint8_t state[] = { 7, 10, 2, 3, 1, 4, 5, 8, 11, 9, 6 };
	struct tcp_pcb *const lists[] = { tcp_active_pcbs, tcp_tw_pcbs };
	unsigned slot = 0;

	text_add(t, "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt "
		    "  uid  timeout inode\n");
	for (struct tcp_pcb_listen *l = tcp_listen_pcbs.listen_pcbs; l; l = l->next)
		if (!IP_IS_V4(&l->local_ip) == v6)
			put_socket(t, slot++, &l->local_ip, l->local_port, NULL, 0, 10, v6,
				   l->callback_arg);
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		for (struct tcp_pcb *p = lists[i]; p; p = p->next)
			if (!IP_IS_V4(&p->local_ip) == v6)
				put_socket(t, slot++, &p->local_ip, p->local_port, &p->remote_ip,
					   p->remote_port, state[p->state], v6,
					   p->callback_arg);
}

static void udp_text(struct text *t, bool v6)
{
	unsigned slot = 0;

	text_add(t, "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt "
		    "  uid  timeout inode ref pointer drops\n");
	for (struct udp_pcb *p = udp_pcbs; p; p = p->next)
		if (!IP_IS_V4(&p->local_ip) == v6)
			put_socket(t, slot++, &p->local_ip, p->local_port, &p->remote_ip,
				   p->remote_port, 7, v6, p->recv_arg);
}

static void node_text(struct text *t)
{
	uint64_t total = frame_total() * (PAGE_SIZE / 1024),
		 free = frame_available() * (PAGE_SIZE / 1024);

	text_add(t,
		 "Node 0 MemTotal:%12lu kB\nNode 0 MemFree:%12lu kB\nNode 0 MemUsed:%12lu kB\n",
		 total, free, total - free);
}

static void limit_value(struct text *t, uint64_t v)
{
	if (v == UINT64_MAX)
		text_add(t, "%-21s", "unlimited");
	else
		text_add(t, "%-21lu", v);
}

static void limits_text(struct text *t, struct process *p)
{
	static const char names[] =
		"cpu time\0seconds\0file size\0bytes\0data size\0bytes\0stack size\0bytes\0"
		"core file size\0bytes\0resident set\0bytes\0processes\0processes\0"
		"open files\0files\0locked memory\0bytes\0address space\0bytes\0"
		"file locks\0locks\0pending signals\0signals\0msgqueue size\0bytes\0"
		"nice priority\0\0realtime priority\0\0realtime timeout\0us\0";
	const char *name = names, *unit;

	text_add(t, "%-26s%-21s%-21s%-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");
	for (int i = 0; i < RLIMIT_COUNT; i++, name = unit + strlen(unit) + 1) {
		unit = name + strlen(name) + 1;
		text_add(t, "Max %-22s", name);
		limit_value(t, p->limits[i].cur);
		limit_value(t, p->limits[i].max);
		text_add(t, "%-10s\n", unit);
	}
}

void proc_more_status(struct text *t, const struct process *p)
{
	text_add(t,
		 "CapInh:\t%016lx\nCapPrm:\t%016lx\nCapEff:\t%016lx\nCapBnd:\t%016lx\nCapAmb:"
		 "\t%016lx\n",
		 p->caps.inheritable, CAPS_ALL & ~p->caps.not_permitted,
		 CAPS_ALL & ~p->caps.not_effective, CAPS_ALL & ~p->caps.not_bounding,
		 p->caps.ambient);
}

bool proc_more_text(struct text *t, char letter, const char *record, struct process *p, int id)
{
	switch (letter) {
	case FDINFO: fdinfo_text(t, p, id); return true;
	case 'i':
		if (p)
			limits_text(t, p);
		return true;
	case '3': proc_net_dev(t); return true;
	case '+': proc_net_unix(t); return true;
	case '~': proc_net_interface(t, record); return true;
	case '4': route_text(t); return true;
	case '5': if_inet6_text(t); return true;
	case '6': case '7': tcp_text(t, letter == '7'); return true;
	case '8': case '9': udp_text(t, letter == '9'); return true;
	case '$': node_text(t); return true;
	default: return false;
	}
}

static int parse(const char *s, int *out)
{
	bool minus = *s == '-';
	int n = 0;

	s += minus;
	if (*s < '0' || *s > '9')
		return -EINVAL;
	for (; *s >= '0' && *s <= '9' && n < 100000; s++)
		n = n * 10 + (*s - '0');
	*out = minus ? -n : n;
	return *s && *s != '\n' ? -EINVAL : 0;
}

ssize_t proc_more_write(char letter, struct process *p, int id, struct iov_iter *it)
{
	struct thread *th = thread_find(id);
	char buf[32] = "";
	size_t n = it->left;
	ssize_t r = iov_copy_in(it, buf, MIN(n, sizeof(buf) - 1));
	int v;

	if (r < 0 || !p)
		return r < 0 ? r : -ESRCH;
	switch (letter) {
	case '2': // oom_score_adj
		if (parse(buf, &v) || v < -1000 || v > 1000)
			return -EINVAL;
		p->oom_score_adj = v;
		break;
	case 'n': // comm
		th = th ? th : current();
		memset(th->comm, 0, sizeof(th->comm));
		memcpy(th->comm, buf, MIN(strlen(buf), sizeof(th->comm) - 1));
		if (strchr(th->comm, '\n'))
			*strchr(th->comm, '\n') = 0;
		break;
	default: return -EINVAL;
	}
	it->left = 0;
	return (ssize_t)n;
}
