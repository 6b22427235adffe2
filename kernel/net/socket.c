// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Sockets as files, and what every family needs: errors, waiting, control messages, addresses to
// and from the program.
#include <fs/vnode.h>
#include <linux/process.h>
#include <linux/syscall.h>
#include <mm/mm.h>
#include <net/socket.h>

#define SIGPIPE_ 13
#define IOCTL_INTERFACES 0x89

const struct sock_family *socket_family(int family)
{
	if ((family == AF_INET || family == AF_INET6) && &inet_family)
		return &inet_family;
	if (family == AF_UNIX && &unix_family)
		return &unix_family;
	if (family == AF_NETLINK && &netlink_family)
		return &netlink_family;
	return NULL;
}

void sock_init(struct sock *s, const struct sock_ops *ops, int family, int type, int protocol)
{
	s->ops = ops;
	wait_queue_init(&s->wq);
	s->family = (uint16_t)family;
	s->type = (uint8_t)type;
	s->protocol = (uint8_t)protocol;
	s->rcvlowat = 1;
}

struct file *sock_file(struct sock *s, unsigned flags)
{
	return file_new(&socket_file_ops, O_RDWR | (flags & SOCK_NONBLOCK), s);
}

int sock_error(struct sock *s)
{
	int r = -s->error;

	s->error = 0;
	return r;
}

void sock_wake(struct sock *s, uint32_t key)
{
	wake_all(&s->wq, key);
}

uint64_t sock_deadline(uint64_t timeout_ns)
{
	return timeout_ns ? time_now() + timeout_ns : FOREVER;
}

// A call with a timeout of its own is not made again after a signal (signal(7)).
int sock_wait(struct sock *s, struct waiter *w, uint64_t deadline, bool nowait)
{
	int r;

	if (nowait)
		return -EAGAIN;
	r = wait_sleep(deadline, true);
	if (r == -ETIMEDOUT)
		return -EAGAIN;
	if (r == -EINTR && deadline == FOREVER)
		return -ERESTARTSYS;
	return r;
}

void sock_pipe_signal(const struct msg *m)
{
	struct siginfo_lite info = { .signo = SIGPIPE_, .pid = current_process()->pid };

	if (!(m->flags & MSG_NOSIGNAL))
		signal_thread(current(), &info);
}

void msg_control(struct msg *m, int level, int type, const void *data, size_t len)
{
	struct linux_cmsghdr h = { .len = sizeof(h) + len, .level = level, .type = type };
	size_t room = CMSG_ALIGN(h.len);

	if (m->control_len < sizeof(h) || !m->has_control) {
		m->out_flags |= MSG_CTRUNC;
		return;
	}
	if (m->control_len < h.len) {
		m->out_flags |= MSG_CTRUNC;
		h.len = m->control_len;
		len = h.len - sizeof(h);
	}
	if (copy_to_user(m->control, &h, sizeof(h)) ||
	    copy_to_user(m->control + sizeof(h), data, len))
		return;
	room = MIN(room, m->control_len);
	m->control += room;
	m->control_len -= room;
}

const struct linux_cmsghdr *msg_next_control(const struct msg *m, const struct linux_cmsghdr *at)
{
	size_t off = at ? (size_t)((const uint8_t *)at - m->control) + CMSG_ALIGN(at->len) : 0;
	const struct linux_cmsghdr *c = (const void *)(m->control + off);

	if (off > m->control_len || m->control_len - off < sizeof(*c))
		return NULL;
	if (c->len < sizeof(*c) || c->len > m->control_len - off)
		return NULL;
	return c;
}

int sockaddr_in(struct linux_sockaddr *a, const void *user, int len)
{
	memset(a, 0, sizeof(*a));
	if (len < 0 || len > (int)sizeof(*a))
		return -EINVAL;
	if (len && copy_from_user(a, user, (size_t)len))
		return -EFAULT;
	return len;
}

// The program gets as much as it has room for, and the length that the whole has.
int sockaddr_out(const struct linux_sockaddr *a, int len, void *user, int *user_len)
{
	int room;

	if (copy_from_user(&room, user_len, sizeof(room)))
		return -EFAULT;
	if (room < 0)
		return -EINVAL;
	if (copy_to_user(user, a, (size_t)MIN(room, len)) ||
	    copy_to_user(user_len, &len, sizeof(len)))
		return -EFAULT;
	return 0;
}

struct file *socket_get(int fd, int *err)
{
	struct file *f = fd_get(fd);

	*err = -EBADF;
	if (!f)
		return NULL;
	if (f->ops == &socket_file_ops)
		return f;
	*err = f->flags & O_PATH ? -EBADF : -ENOTSOCK;
	file_put(f);
	return NULL;
}

ssize_t socket_send(struct file *f, struct msg *m)
{
	struct sock *s = f->data;

	m->nowait = file_nowait(f, m->flags & MSG_DONTWAIT);
	if (m->flags & MSG_OOB)
		return -EOPNOTSUPP;
	return s->ops->send(s, m);
}

ssize_t socket_recv(struct file *f, struct msg *m)
{
	struct sock *s = f->data;

	m->nowait = file_nowait(f, m->flags & MSG_DONTWAIT);
	if (m->flags & MSG_OOB)
		return -EINVAL;
	if (m->flags & MSG_ERRQUEUE)
		return -EAGAIN;
	return s->ops->recv(s, m);
}

static ssize_t file_read(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	struct msg m = { .it = it, .flags = nowait ? MSG_DONTWAIT : 0 };

	if (!it->left)
		return 0;
	return socket_recv(f, &m);
}

static ssize_t file_write(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	struct msg m = { .it = it, .flags = nowait ? MSG_DONTWAIT : 0 };

	return socket_send(f, &m);
}

static uint32_t file_poll(struct file *f, struct wait_queue **q)
{
	struct sock *s = f->data;

	*q = &s->wq;
	return s->ops->poll(s);
}

static long file_ioctl(struct file *f, unsigned long cmd, unsigned long arg)
{
	struct sock *s = f->data;

	if (cmd >> 8 == IOCTL_INTERFACES && netif_ioctl) // of any family, netdevice(7)
		return netif_ioctl((unsigned)cmd, arg);
	return s->ops->ioctl ? s->ops->ioctl(s, (unsigned)cmd, arg) : -ENOTTY;
}

static int socket_stat(struct file *f, struct kstat *st)
{
	memset(st, 0, sizeof(*st));
	st->ino = sock_ino(f->data);
	st->mode = S_IFSOCK | 0777;
	st->nlink = 1;
	st->blksize = PAGE_SIZE;
	return 0;
}

static void file_release(struct file *f)
{
	struct sock *s = f->data;

	s->ops->release(s, f->flags & O_NONBLOCK);
}

const struct file_ops socket_file_ops = {
	.kind = "socket",
	.read = file_read,
	.write = file_write,
	.poll = file_poll,
	.ioctl = file_ioctl,
	.stat = socket_stat,
	.release = file_release,
};
