// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Options at IPPROTO_TCP.
#include <linux/process.h>
#include <net/netif.h>
#include <net/tcp_sock.h>

#define KEEP_MAX 32767 /* MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL of Linux */
#define KEEPCNT_MAX 127

static void uncork(struct tcp_sock *t)
{
	if (t->in.pcb && t->stage == TCP_OPEN)
		tcp_output(tcp_pcb_of(t));
	net_run();
}

static int set_keep(int *field, int v, int max)
{
	if (v < 1 || v > max)
		return -EINVAL;
	*field = v;
	return 0;
}

static int set_number(struct tcp_sock *t, int name, int v)
{
	switch (name) {
	case TCP_NODELAY:
		t->nodelay = v != 0;
		if (v)
			uncork(t);
		return 0;
	case TCP_CORK:
		t->cork = v != 0;
		if (!v)
			uncork(t);
		return 0;
	case TCP_KEEPIDLE: return set_keep(&t->keep_idle, v, KEEP_MAX);
	case TCP_KEEPINTVL: return set_keep(&t->keep_intvl, v, KEEP_MAX);
	case TCP_KEEPCNT: return set_keep(&t->keep_cnt, v, KEEPCNT_MAX);
	case TCP_SYNCNT: return set_keep(&t->syncnt, v, KEEPCNT_MAX);
	case TCP_QUICKACK:
		t->quickack = v != 0;
		return 0;
	case TCP_DEFER_ACCEPT:
		t->defer = v > 0;
		return 0;
	case TCP_USER_TIMEOUT:
		t->user_timeout = v;
		return v < 0 ? -EINVAL : 0;
	case TCP_LINGER2:
		t->linger2 = v;
		return 0;
	case TCP_MAXSEG:
		t->maxseg = v;
		return v && (v < 88 || v > 32767) ? -EINVAL : 0;
	case TCP_WINDOW_CLAMP: return 0;
	case TCP_FASTOPEN: return -EOPNOTSUPP;
	}
	return -ENOPROTOOPT;
}

int tcp_sock_setopt(struct sock *s, int level, int name, const void *val, unsigned len)
{
	struct tcp_sock *t = tcp_of(s);
	int r;

	if (level != IPPROTO_TCP)
		return inet_setopt(s, level, name, val, len);
	if (name == TCP_CONGESTION)
		return len >= 4 && !memcmp(val, "reno", 4) ? 0 : -ENOENT;
	if (len < sizeof(int))
		return -EINVAL;
	r = set_number(t, name, *(const int *)val);
	if (!r)
		tcp_sock_options(t);
	return r;
}

// The first fields of struct tcp_info (include/uapi/linux/tcp.h), which programs read.
struct info {
	uint8_t state, ca_state, retransmits, probes, backoff, options, wscale, flags;
	uint32_t rto, ato, snd_mss, rcv_mss;
	uint32_t unacked, sacked, lost, retrans, fackets;
	uint32_t last_data_sent, last_ack_sent, last_data_recv, last_ack_recv;
	uint32_t pmtu, rcv_ssthresh, rtt, rttvar, snd_ssthresh, snd_cwnd, advmss, reordering;
	uint32_t rcv_rtt, rcv_space;
	uint32_t total_retrans;
};
_Static_assert(sizeof(struct info) == 104, "tcp_info up to tcpi_total_retrans");

// Linux's numbers for lwIP's states, CLOSED first (include/net/tcp_states.h, lwip/tcpbase.h).
static uint8_t state_number(const struct tcp_sock *t)
{
	static const uint8_t of[] = { 7, 10, 2, 3, 1, 4, 5, 8, 11, 9, 6 };

	if (t->stage == TCP_LISTENING)
		return 10;
	return t->in.pcb ? of[tcp_pcb_of((struct tcp_sock *)t)->state] : 7;
}

static int get_info(struct tcp_sock *t, void *val)
{
	const struct tcp_pcb *pcb = t->stage == TCP_LISTENING ? NULL : tcp_pcb_of(t);
	struct info i = { .state = state_number(t) };

	if (pcb) {
		i.retransmits = pcb->nrtx;
		i.wscale = (uint8_t)(pcb->snd_scale | pcb->rcv_scale << 4);
		i.rto = (uint32_t)pcb->rto * TCP_SLOW_INTERVAL * 1000;
		i.snd_mss = i.rcv_mss = i.advmss = pcb->mss;
		i.unacked = pcb->snd_queuelen;
		i.rtt = (uint32_t)(pcb->sa >> 3) * TCP_SLOW_INTERVAL * 1000;
		i.rttvar = (uint32_t)(pcb->sv >> 2) * TCP_SLOW_INTERVAL * 1000;
		i.snd_cwnd = pcb->mss ? pcb->cwnd / pcb->mss : 0;
		i.snd_ssthresh = pcb->mss ? pcb->ssthresh / pcb->mss : 0;
		i.rcv_space = pcb->rcv_wnd;
		i.pmtu = (uint32_t)pcb->mss + 40;
	}
	memcpy(val, &i, sizeof(i));
	return sizeof(i);
}

int tcp_sock_getopt(struct sock *s, int level, int name, void *val, unsigned len)
{
	struct tcp_sock *t = tcp_of(s);
	int *v = val;

	if (level != IPPROTO_TCP)
		return inet_getopt(s, level, name, val, len);
	switch (name) {
	case TCP_NODELAY: *v = t->nodelay; break;
	case TCP_CORK: *v = t->cork; break;
	case TCP_KEEPIDLE: *v = t->keep_idle; break;
	case TCP_KEEPINTVL: *v = t->keep_intvl; break;
	case TCP_KEEPCNT: *v = t->keep_cnt; break;
	case TCP_SYNCNT: *v = t->syncnt; break;
	case TCP_QUICKACK: *v = t->quickack; break;
	case TCP_DEFER_ACCEPT: *v = t->defer; break;
	case TCP_USER_TIMEOUT: *v = t->user_timeout; break;
	case TCP_LINGER2: *v = t->linger2 ? t->linger2 : 60; break;
	case TCP_WINDOW_CLAMP: *v = (int)net_tcp_window; break;
	case TCP_FASTOPEN: *v = 0; break;
	case TCP_MAXSEG:
		*v = t->in.pcb && t->stage == TCP_OPEN ? tcp_pcb_of(t)->mss
		     : t->maxseg                       ? t->maxseg
						       : 536;
		break;
	case TCP_INFO: return get_info(t, val);
	case TCP_CONGESTION:
		memcpy(val, "reno", 5);
		return 16;
	default: return -ENOPROTOOPT;
	}
	return sizeof(*v);
}
