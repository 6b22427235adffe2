// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Sockets: what all families share. A socket is a struct file whose data is a struct sock; the
// family or protocol puts its own structure around the struct sock and works behind struct
// sock_ops.
//
// Families come into an image by need: the builder asks the linker for inet_family, sock_tcp,
// sock_udp, sock_raw, unix_family and netlink_family (-u); what is not there is
// EAFNOSUPPORT or EPROTONOSUPPORT.
//
// Waiting: whatever changes what poll() says of a socket calls sock_wake(). Blocking calls loop in
// sock_wait().
#ifndef NET_SOCKET_H
#define NET_SOCKET_H

#include <fs/file.h>
#include <net/abi.h>

struct sock;

// One sendmsg or recvmsg. Addresses and control messages are in kernel memory on the way out of the
// program; on the way in the protocol fills `name` and calls msg_control().
struct msg {
	struct iov_iter *it;
	unsigned flags;       // MSG_* of the call
	unsigned out_flags;   // MSG_* for msghdr.flags
	struct linux_sockaddr name;
	unsigned name_len;    // sending: 0 if none was given; receiving: 0 if there is none
	bool nowait;
	// sending: a kernel copy; receiving: where in the program's memory the next one goes
	uint8_t *control;
	size_t control_len;   // what is left there
	bool has_control;     // receiving: the program gave room for control messages at all
};

struct sock_ops {
	int (*bind)(struct sock *s, const struct linux_sockaddr *a, unsigned len);
	int (*connect)(struct sock *s, const struct linux_sockaddr *a, unsigned len, bool nowait);
	int (*listen)(struct sock *s, int backlog);
	int (*accept)(struct sock *s, struct sock **out, bool nowait);
	// The address goes to *a; gives its length or a negative errno.
	int (*name)(struct sock *s, struct linux_sockaddr *a, bool peer);
	ssize_t (*send)(struct sock *s, struct msg *m);
	ssize_t (*recv)(struct sock *s, struct msg *m);
	uint32_t (*poll)(struct sock *s);
	int (*shutdown)(struct sock *s, int how);
	// Options that socket_options.c does not know. set: val is a kernel copy of len bytes. get:
	// fills val, gives the length.
	int (*setopt)(struct sock *s, int level, int name, const void *val, unsigned len);
	int (*getopt)(struct sock *s, int level, int name, void *val, unsigned len);
	void (*changed)(struct sock *s); // an option of struct sock has a new value; may be NULL
	long (*ioctl)(struct sock *s, unsigned cmd, unsigned long arg);
	void (*release)(struct sock *s, bool nonblock); // frees it
};

struct sock {
	const struct sock_ops *ops;
	struct wait_queue wq;
	uint16_t family;
	uint8_t type;
	uint8_t protocol;
	int error;          // SO_ERROR: told once
	uint64_t rcv_timeout, snd_timeout; // ns, 0: none
	unsigned rcvbuf, sndbuf;
	int rcvlowat;
	bool listening;
	bool reuseaddr, reuseport, keepalive, broadcast, oobinline, dontroute, passcred, timestamp;
	bool linger;
	int linger_s;
	int priority, mark;
};

struct sock_family {
	int (*create)(int family, int type, int protocol, struct sock **out);
	int (*pair)(int type, int protocol, struct sock *out[2]); // may be NULL
};
extern const struct sock_family inet_family __attribute__((weak));
extern const struct sock_family unix_family __attribute__((weak));
extern const struct sock_family netlink_family __attribute__((weak));
const struct sock_family *socket_family(int family);
long netif_ioctl(unsigned cmd, unsigned long arg) __attribute__((weak)); // of inet_options.c

// The number that stat and /proc say.
static inline uint64_t sock_ino(const struct sock *s)
{
	return (uint64_t)(uintptr_t)s >> 4 & 0xffffffff;
}
void sock_init(struct sock *s, const struct sock_ops *ops, int family, int type, int protocol);
// A file for a socket, one reference; the socket then goes with the file. NULL: no memory, the
// socket is still the caller's.
struct file *sock_file(struct sock *s, unsigned flags);
extern const struct file_ops socket_file_ops;
static inline struct sock *file_sock(struct file *f)
{
	return f->ops == &socket_file_ops ? f->data : NULL;
}

// The pending error, once, as a negative errno, or 0.
int sock_error(struct sock *s);
void sock_wake(struct sock *s, uint32_t key);
// One sleep of a blocking call: `deadline` from sock_deadline(). Gives 0 (look again), -EAGAIN
// (nowait or timed out) or -ERESTARTSYS/-EINTR.
int sock_wait(struct sock *s, struct waiter *w, uint64_t deadline, bool nowait);
uint64_t sock_deadline(uint64_t timeout_ns);
void sock_pipe_signal(const struct msg *m); // SIGPIPE unless MSG_NOSIGNAL

// Appends a control message; sets MSG_CTRUNC where there is no room.
void msg_control(struct msg *m, int level, int type, const void *data, size_t len);
// The control messages that the program gave, one by one: *at starts at NULL. NULL: no more.
// Lengths are checked.
const struct linux_cmsghdr *msg_next_control(const struct msg *m, const struct linux_cmsghdr *at);

// For the calls (net/sys_*.c).
// a referenced file that is a socket, or NULL with -EBADF or -ENOTSOCK
struct file *socket_get(int fd, int *err);
int socket_set_option(struct sock *s, int level, int name, const void *user, int len);
int socket_get_option(struct sock *s, int level, int name, void *user, int *user_len);
// gives len or a negative errno
int sockaddr_in(struct linux_sockaddr *a, const void *user, int len);
int sockaddr_out(const struct linux_sockaddr *a, int len, void *user, int *user_len);
ssize_t socket_send(struct file *f, struct msg *m);
ssize_t socket_recv(struct file *f, struct msg *m);

#endif
