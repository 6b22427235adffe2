// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// AF_UNIX within the instance: unix_sock.c (life), unix_name.c (names), unix_io.c (data),
// unix_pass.c (descriptors and credentials).
//
// Two sockets that are connected point at each other by `peer`; datagram sockets point one way. Who
// points at a socket is in its list `senders`, so that it can take itself out of all of them when
// it goes, and wake those that wait for room. What is sent is a message in the receiver's queue. A
// stream's reader does not see their bounds.
#ifndef NET_UNIX_SOCK_H
#define NET_UNIX_SOCK_H

#include <net/socket.h>

#define UNIX_PATH_MAX 108
#define UNIX_ADDR_HEAD 2 /* offsetof(struct sockaddr_un, sun_path) */
#define UNIX_DEFAULT_BUF 212992
#define UNIX_QUEUE_MAX 256 /* datagrams that wait; net.unix.max_dgram_qlen is from 10 to 512 */

struct linux_sockaddr_un {
	uint16_t family;
	char path[UNIX_PATH_MAX];
};

// A name: a path (with its NUL), an abstract one (begins with a NUL), or none (len 0).
struct unix_name {
	unsigned len;
	char path[UNIX_PATH_MAX];
};

struct passed { // what SCM_RIGHTS carries
	unsigned count;
	struct file *file[];
};

struct unix_msg {
	struct list link;
	struct unix_name from;
	struct linux_ucred cred;
	struct passed *files; // NULL: none, or already taken
	size_t len, off;
	uint8_t data[];
};

struct unix_sock {
	struct sock s;
	struct unix_sock *peer;
	struct list sending;      // in peer->senders
	struct list senders;
	bool connected;           // has or had a peer
	bool peer_gone;
	struct unix_name peer_name; // of the one that is gone
	bool rd_shut, wr_shut;
	struct list queue;        // of struct unix_msg
	unsigned queued;          // bytes
	unsigned messages;
	struct unix_name name;
	struct list named;        // in the table of names
	struct list all;          // in unix_all
	uint64_t dev, ino;        // of a path's file
	struct linux_ucred peer_cred;
	// Listening.
	int backlog;
	struct list accept_queue; // of struct unix_sock, by `accepting`
	struct list accepting;
	int accept_count;
};
static inline struct unix_sock *unix_of(struct sock *s) { return (struct unix_sock *)s; }
static inline bool unix_is_dgram(const struct unix_sock *u) { return u->s.type == SOCK_DGRAM; }

extern struct list unix_all; // of struct unix_sock
struct unix_sock *unix_new(int type);
void unix_point(struct unix_sock *from, struct unix_sock *to); // from->peer = to
void unix_unpoint(struct unix_sock *u);
struct linux_ucred unix_own_cred(void);

// Names. unix_lookup: the socket that an address names, -ENOENT, -ECONNREFUSED, -EINVAL...
int unix_bind_name(struct unix_sock *u, const struct linux_sockaddr *a, unsigned len);
int unix_lookup(const struct linux_sockaddr *a, unsigned len, struct unix_sock **out);
void unix_unbind(struct unix_sock *u);
int unix_name_out(const struct unix_name *n, struct linux_sockaddr *a);

// Data.
bool unix_full(const struct unix_sock *to, const struct unix_sock *from);
void unix_msg_free(struct unix_msg *m);
ssize_t unix_send(struct sock *s, struct msg *m);
ssize_t unix_recv(struct sock *s, struct msg *m);

// Descriptors and credentials. unix_pass_in takes what the program sends along; unix_pass_out gives
// it to the one who receives.
int unix_pass_in(const struct msg *m, struct passed **files, struct linux_ucred *cred);
void unix_pass_out(struct unix_sock *u, struct msg *m, struct unix_msg *from, bool peek);
void unix_pass_free(struct passed *p);

#endif
