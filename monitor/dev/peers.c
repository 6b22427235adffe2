// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <monitor/dev/peers.h>

#define BUFFER (1 << 20) // asked for; Linux gives up to net.core.wmem_max
#define PARTS_MAX 3

static void free_backlog(struct peers *p, struct peer *to)
{
	p->slow -= to->in.ring != NULL;
	free(to->in.ring);
	to->in.ring = to->out.ring = NULL;
}

// Its place in the list goes with tidy() later, because this happens in the middle of loops.
static void end_peer(struct peers *p, struct peer *gone)
{
	if (gone->fd < 0)
		return;
	close(gone->fd);
	gone->fd = -1;
	free_backlog(p, gone);
	if (gone->number && p->by_number[gone->number] == gone)
		p->by_number[gone->number] = NULL;
	if (!gone->number)
		p->unknown--;
}

static void tidy(struct peers *p)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < p->count; i++) {
		if (p->list[i]->fd >= 0)
			p->list[kept++] = p->list[i];
		else
			free(p->list[i]);
	}
	p->count = kept;
}

// Owns fd. number 0: who it is will be said.
static struct peer *add_peer(struct peers *p, int fd, uint8_t number, const char *name)
{
	struct peer *new = p->count < PEERS_MAX + PEERS_WAITING ? calloc(1, sizeof(*new)) : NULL;
	int size = BUFFER;

	if (!new) {
		close(fd);
		return NULL;
	}
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)))
		new->dropped = 0; // it works with less
	new->fd = fd;
	new->place = -1;
	new->number = number;
	new->frame_max = PEER_FRAME_MIN;
	strncpy(new->name, name, sizeof(new->name) - 1);
	p->list[p->count++] = new;
	if (number)
		p->by_number[number] = new;
	else
		p->unknown++;
	return new;
}

static void greet(struct peers *p, struct peer *to)
{
	struct peer_hello hello = {
		.magic = PEER_MAGIC, .frame_max = p->frame_max, .number = p->net.number
	};

	strcpy(hello.name, strchr(p->net.file, '.') + 1);
	if (send(to->fd, &hello, sizeof(hello), MSG_DONTWAIT | MSG_NOSIGNAL) != sizeof(hello))
		end_peer(p, to);
}

static int met(void *arg, uint8_t number, const char *name, int fd)
{
	return add_peer(arg, fd, number, name) ? 0 : -ENOMEM;
}

int peers_join(struct peers *p, const char *network, const char *name, uint32_t frame_max,
	       struct failure *why)
{
	int r = network_join(&p->net, network, name, met, p, why);

	p->frame_max = frame_max;
	p->listen_place = -1;
	for (unsigned i = 0; !r && i < p->count; i++)
		greet(p, p->list[i]);
	if (r)
		peers_leave(p);
	return r;
}

void peers_leave(struct peers *p)
{
	for (unsigned i = 0; i < p->count; i++)
		end_peer(p, p->list[i]);
	tidy(p);
	network_leave(&p->net);
}

static void accept_all(struct peers *p)
{
	struct peer *new;
	int fd;

	while (p->unknown < PEERS_WAITING &&
	       (fd = accept4(p->net.listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
		new = add_peer(p, fd, 0, "");
		if (new)
			greet(p, new);
	}
}

static bool name_known(const struct peers *p, const char *name)
{
	for (unsigned i = 0; i < p->count; i++) {
		if (p->list[i]->fd >= 0 && !strcasecmp(p->list[i]->name, name))
			return true;
	}
	return false;
}

// One that we connected to must be who its file says; one that came must not be somebody else.
static bool hello_good(const struct peers *p, const struct peer *from, const struct peer_hello *h)
{
	if (h->magic != PEER_MAGIC || h->name[NETWORK_NAME_MAX] || !network_member_ok(h->name) ||
	    h->number < NETWORK_FIRST || h->number > NETWORK_LAST || h->frame_max < PEER_FRAME_MIN)
		return false;
	if (from->number)
		return h->number == from->number && !strcmp(h->name, from->name);
	return h->number != p->net.number && !p->by_number[h->number] && !name_known(p, h->name) &&
	       strcasecmp(h->name, strchr(p->net.file, '.') + 1);
}

static void hear(struct peers *p, struct peer *from)
{
	struct peer_hello h;
	ssize_t n = recv(from->fd, &h, sizeof(h), MSG_DONTWAIT | MSG_TRUNC);

	if (n < 0 && errno == EAGAIN)
		return;
	if (n != sizeof(h) || !hello_good(p, from, &h)) {
		end_peer(p, from);
		return;
	}
	if (!from->number) {
		p->unknown--;
		from->number = h.number;
		strcpy(from->name, h.name);
		p->by_number[h.number] = from;
	}
	from->frame_max = h.frame_max;
	from->heard = true;
}

size_t peer_receive(struct peers *p, struct peer *from, void *to, size_t room)
{
	ssize_t n = from->fd < 0 ? -1 : recv(from->fd, to, room, MSG_DONTWAIT | MSG_TRUNC);

	if (n > 0)
		return (size_t)n;
	if (from->fd >= 0 && (!n || errno != EAGAIN))
		end_peer(p, from);
	return 0;
}

static bool make_backlog(struct peers *p, struct peer *to)
{
	if (!to->in.ring && p->slow < PEERS_SLOW) {
		to->in.ring = calloc(1, ring_bytes(PEER_BACKLOG));
		p->slow += to->in.ring != NULL;
		to->in.size = to->out.size = PEER_BACKLOG;
		to->in.mine = to->out.mine = 0;
		to->out.ring = to->in.ring;
	}
	return to->in.ring != NULL;
}

static void keep(struct peers *p, struct peer *to, const struct iovec *parts, unsigned count,
		 size_t len)
{
	uint8_t *at = NULL;
	int err;

	if (make_backlog(p, to))
		at = ring_space(&to->in, (uint32_t)len, &err);
	if (!at) {
		to->dropped++;
		return;
	}
	for (unsigned i = 0; i < count; i++) {
		memcpy(at, parts[i].iov_base, parts[i].iov_len);
		at += parts[i].iov_len;
	}
	ring_push(&to->in, (uint32_t)len, 0);
}

void peer_send(struct peers *p, struct peer *to, const struct iovec *parts, unsigned count)
{
	struct iovec copy[PARTS_MAX];
	struct msghdr m = { .msg_iov = copy, .msg_iovlen = count };
	size_t len = 0;

	if (to->fd < 0 || !to->number || count > PARTS_MAX)
		return;
	for (unsigned i = 0; i < count; i++)
		len += parts[i].iov_len;
	if (len > to->frame_max) {
		to->dropped++;
		return;
	}
	if (to->in.ring && ring_ready(&to->out)) {
		keep(p, to, parts, count, len);
		return;
	}
	memcpy(copy, parts, count * sizeof(*parts));
	if (sendmsg(to->fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return;
	if (errno == EAGAIN || errno == ENOBUFS || errno == ENOMEM)
		keep(p, to, parts, count, len);
	else
		end_peer(p, to);
}

static void send_kept(struct peers *p, struct peer *to)
{
	struct ring_rec rec;
	uint8_t *at;

	while (to->fd >= 0 && to->in.ring && ring_next(&to->out, &rec, &at) > 0) {
		if (send(to->fd, at, rec.len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
			if (errno != EAGAIN && errno != ENOBUFS && errno != ENOMEM)
				end_peer(p, to);
			return;
		}
		ring_pop(&to->out, &rec);
	}
	free_backlog(p, to);
}

void peers_fds(struct peers *p, struct netdev *d, bool reading)
{
	tidy(p);
	p->listen_place = -1;
	if (p->unknown < PEERS_WAITING)
		p->listen_place = netdev_add_fd(d, p->net.listen_fd, POLLIN);
	for (unsigned i = 0; i < p->count; i++) {
		struct peer *to = p->list[i];
		short events = reading || !to->heard ? POLLIN : 0;

		if (to->in.ring && ring_ready(&to->out))
			events |= POLLOUT;
		to->place = events ? netdev_add_fd(d, to->fd, events) : -1;
	}
}

void peers_polled(struct peers *p, struct netdev *d, void (*take)(void *arg, struct peer *from),
		  void *arg)
{
	unsigned before = p->count;

	for (unsigned i = 0; i < before; i++) {
		struct peer *from = p->list[i];
		short got = from->place >= 0 ? d->fds[from->place].revents : 0;

		if (from->fd >= 0 && (got & POLLOUT))
			send_kept(p, from);
		if (from->fd < 0 || !(got & (POLLIN | POLLHUP | POLLERR)))
			continue;
		if (!from->heard)
			hear(p, from);
		if (from->heard)
			take(arg, from);
	}
	if (p->listen_place >= 0 && d->fds[p->listen_place].revents)
		accept_all(p);
}
