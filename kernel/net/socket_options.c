// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Options at SOL_SOCKET. Buffer sizes are kept and told as Linux does: twice what was asked for,
// within its limits (net/core/sock.c, socket(7)); net.core.{r,w}mem_max is 212992.
#include <linux/process.h>
#include <net/socket.h>

#define BUF_MAX 212992
#define RCVBUF_MIN 2304
#define SNDBUF_MIN 4608

struct flag_option {
	int name;
	size_t off;
};
#define FLAG(n, field) { n, offsetof(struct sock, field) }
static const struct flag_option flags[] = {
	FLAG(SO_REUSEADDR, reuseaddr), FLAG(SO_REUSEPORT, reuseport),
	FLAG(SO_KEEPALIVE, keepalive), FLAG(SO_BROADCAST, broadcast),
	FLAG(SO_OOBINLINE, oobinline), FLAG(SO_DONTROUTE, dontroute),
	FLAG(SO_PASSCRED, passcred),   FLAG(SO_TIMESTAMP_OLD, timestamp),
};

static bool *flag_of(struct sock *s, int name)
{
	for (size_t i = 0; i < ARRAY_LEN(flags); i++)
		if (flags[i].name == name)
			return (bool *)((char *)s + flags[i].off);
	return NULL;
}

static int set_timeout(uint64_t *timeout, const void *val, unsigned len)
{
	const struct linux_timeval *tv = val;

	if (len < sizeof(*tv))
		return -EINVAL;
	if (tv->usec < 0 || tv->usec >= 1000000)
		return -EDOM;
	*timeout = 0;
	if (tv->sec < 0)
		*timeout = 1; // Linux: a negative time is over at once
	else if (tv->sec < INT32_MAX)
		*timeout = (uint64_t)tv->sec * NSEC + (uint64_t)tv->usec * 1000;
	return 0;
}

static int set_linger(struct sock *s, const void *val, unsigned len)
{
	const struct linux_linger *l = val;

	if (len < sizeof(*l))
		return -EINVAL;
	s->linger = l->onoff != 0;
	s->linger_s = l->linger;
	return 0;
}

static unsigned buffer_size(int v, unsigned least)
{
	unsigned n = v < 0 || v > BUF_MAX ? BUF_MAX : (unsigned)v;

	return MAX(n * 2, least);
}

static int set_number(struct sock *s, int name, int v)
{
	bool *flag = flag_of(s, name);

	if (flag) {
		*flag = v != 0;
		return 0;
	}
	switch (name) {
	case SO_SNDBUF:
	case SO_SNDBUFFORCE:
		s->sndbuf = buffer_size(v, SNDBUF_MIN);
		return 0;
	case SO_RCVBUF:
	case SO_RCVBUFFORCE:
		s->rcvbuf = buffer_size(v, RCVBUF_MIN);
		return 0;
	case SO_RCVLOWAT:
		s->rcvlowat = v < 0 ? INT32_MAX : v ? v : 1;
		return 0;
	case SO_PRIORITY:
		s->priority = v;
		return 0;
	case SO_MARK:
		s->mark = v;
		return 0;
	case SO_BUSY_POLL:
	case SO_INCOMING_CPU:
	case SO_NO_CHECK:
		return 0;
	}
	return -ENOPROTOOPT;
}

static int set_socket(struct sock *s, int name, const void *val, unsigned len)
{
	int r;

	if (name == SO_RCVTIMEO_OLD)
		return set_timeout(&s->rcv_timeout, val, len);
	if (name == SO_SNDTIMEO_OLD)
		return set_timeout(&s->snd_timeout, val, len);
	if (name == SO_LINGER)
		return set_linger(s, val, len);
	if (name == SO_BINDTODEVICE || name == SO_ATTACH_FILTER || name == SO_DETACH_FILTER ||
	    name == SO_ATTACH_REUSEPORT_CBPF)
		return -ENOPROTOOPT;
	if (len < sizeof(int))
		return -EINVAL;
	r = set_number(s, name, *(const int *)val);
	if (!r && s->ops->changed)
		s->ops->changed(s);
	return r;
}

#define OPTION_MAX 256
int socket_set_option(struct sock *s, int level, int name, const void *user, int len)
{
	_Alignas(8) uint8_t val[OPTION_MAX];

	if (len < 0)
		return -EINVAL;
	memset(val, 0, sizeof(val));
	if (len && copy_from_user(val, user, MIN((size_t)len, sizeof(val))))
		return -EFAULT;
	if (level == SOL_SOCKET)
		return set_socket(s, name, val, (unsigned)len);
	return s->ops->setopt ? s->ops->setopt(s, level, name, val, MIN((unsigned)len, OPTION_MAX))
			      : -EOPNOTSUPP;
}

static int get_timeout(uint64_t ns, void *val)
{
	struct linux_timeval tv = { .sec = (int64_t)(ns / NSEC),
				    .usec = (int64_t)(ns % NSEC / 1000) };

	memcpy(val, &tv, sizeof(tv));
	return sizeof(tv);
}

static int get_number(struct sock *s, int name, int *v)
{
	const bool *flag = flag_of(s, name);

	if (flag) {
		*v = *flag;
		return sizeof(*v);
	}
	switch (name) {
	case SO_TYPE: *v = s->type; break;
	case SO_DOMAIN: *v = s->family; break;
	case SO_PROTOCOL: *v = s->protocol; break;
	case SO_ERROR: *v = -sock_error(s); break;
	case SO_ACCEPTCONN: *v = s->listening; break;
	case SO_SNDBUF: *v = (int)s->sndbuf; break;
	case SO_RCVBUF: *v = (int)s->rcvbuf; break;
	case SO_RCVLOWAT: *v = s->rcvlowat; break;
	case SO_SNDLOWAT: *v = 1; break;
	case SO_PRIORITY: *v = s->priority; break;
	case SO_MARK: *v = s->mark; break;
	case SO_INCOMING_CPU:
	case SO_BUSY_POLL:
	case SO_NO_CHECK: *v = 0; break;
	default: return -ENOPROTOOPT;
	}
	return sizeof(*v);
}

static int get_socket(struct sock *s, int name, void *val)
{
	if (name == SO_RCVTIMEO_OLD)
		return get_timeout(s->rcv_timeout, val);
	if (name == SO_SNDTIMEO_OLD)
		return get_timeout(s->snd_timeout, val);
	if (name == SO_LINGER) {
		struct linux_linger l = { .onoff = s->linger, .linger = s->linger_s };

		memcpy(val, &l, sizeof(l));
		return sizeof(l);
	}
	return get_number(s, name, val);
}

int socket_get_option(struct sock *s, int level, int name, void *user, int *user_len)
{
	_Alignas(8) uint8_t val[OPTION_MAX];
	int room, len;

	if (copy_from_user(&room, user_len, sizeof(room)))
		return -EFAULT;
	if (room < 0)
		return -EINVAL;
	memset(val, 0, sizeof(val));
	if (level == SOL_SOCKET && name != SO_PEERCRED)
		len = get_socket(s, name, val);
	else
		len = s->ops->getopt
			      ? s->ops->getopt(s, level, name, val, MIN((unsigned)room, OPTION_MAX))
			      : -EOPNOTSUPP;
	if (len < 0)
		return len;
	len = MIN(len, room);
	if (copy_to_user(user, val, (size_t)len) || copy_to_user(user_len, &len, sizeof(len)))
		return -EFAULT;
	return 0;
}
