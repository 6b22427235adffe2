// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// System calls that send and receive.
#include <linux/process.h>
#include <mm/mm.h>
#include <net/socket.h>

#define CONTROL_MAX 20480 /* net.core.optmem_max */

long sys_sendto(int fd, const void *buf, size_t n, unsigned flags, const void *addr, int addrlen)
{
	struct iov one;
	struct iov_iter it;
	struct msg m = { .it = &it, .flags = flags };
	int r;
	struct file *f = socket_get(fd, &r);
	ssize_t done;

	if (!f)
		return r;
	iov_iter_one(&it, &one, (void *)buf, MIN(n, (size_t)RW_MAX));
	done = addr ? sockaddr_in(&m.name, addr, addrlen) : 0;
	if (done >= 0) {
		m.name_len = (unsigned)done;
		done = n && !user_range_ok(buf, it.left) ? -EFAULT : socket_send(f, &m);
	}
	file_put(f);
	return done;
}

long sys_recvfrom(int fd, void *buf, size_t n, unsigned flags, void *addr, int *addrlen)
{
	struct iov one;
	struct iov_iter it;
	struct msg m = { .it = &it, .flags = flags };
	int r;
	struct file *f = socket_get(fd, &r);
	ssize_t done;

	if (!f)
		return r;
	iov_iter_one(&it, &one, buf, MIN(n, (size_t)RW_MAX));
	done = n && !user_range_ok(buf, it.left) ? -EFAULT : socket_recv(f, &m);
	if (done >= 0 && addr) {
		r = sockaddr_out(&m.name, (int)m.name_len, addr, addrlen);
		if (r)
			done = r;
	}
	file_put(f);
	return done;
}

static int send_prepare(struct msg *m, const struct linux_msghdr *h)
{
	int r = h->name ? sockaddr_in(&m->name, h->name, MIN(h->namelen, (int)sizeof(m->name))) : 0;

	if (r < 0)
		return r;
	m->name_len = (unsigned)r;
	m->control_len = h->control ? h->controllen : 0;
	if (!m->control_len)
		return 0;
	if (m->control_len > CONTROL_MAX)
		return -ENOBUFS;
	m->control = kmalloc(m->control_len);
	if (!m->control)
		return -ENOBUFS;
	return copy_from_user(m->control, h->control, m->control_len);
}

static long send_one(struct file *f, const void *user, unsigned flags)
{
	struct iov fast[8], *alloc = NULL;
	struct linux_msghdr h;
	struct iov_iter it;
	struct msg m = { .it = &it, .flags = flags };
	long r;

	if (copy_from_user(&h, user, sizeof(h)))
		return -EFAULT;
	if (h.iovlen > IOV_MAX_COUNT)
		return -EMSGSIZE;
	r = iov_import(&it, h.iov, h.iovlen, fast, ARRAY_LEN(fast), &alloc);
	if (r)
		return r;
	r = send_prepare(&m, &h);
	if (!r)
		r = socket_send(f, &m);
	kfree(m.control);
	kfree(alloc);
	return r;
}

static int recv_finish(const struct msg *m, const struct linux_msghdr *h, struct linux_msghdr *user)
{
	unsigned flags = m->out_flags;
	uint64_t used = (uint64_t)(m->control - (uint8_t *)h->control);
	int len = (int)m->name_len;

	if (h->name && (copy_to_user(h->name, &m->name, (size_t)MIN(len, h->namelen)) ||
			copy_to_user(&user->namelen, &len, sizeof(len))))
		return -EFAULT;
	if (copy_to_user(&user->flags, &flags, sizeof(flags)) ||
	    copy_to_user(&user->controllen, &used, sizeof(used)))
		return -EFAULT;
	return 0;
}

static long recv_one(struct file *f, void *user, unsigned flags)
{
	struct iov fast[8], *alloc = NULL;
	struct linux_msghdr h;
	struct iov_iter it;
	struct msg m = { .it = &it, .flags = flags };
	long r;

	if (copy_from_user(&h, user, sizeof(h)))
		return -EFAULT;
	if (h.iovlen > IOV_MAX_COUNT)
		return -EMSGSIZE;
	if (h.name && h.namelen < 0)
		return -EINVAL;
	r = iov_import(&it, h.iov, h.iovlen, fast, ARRAY_LEN(fast), &alloc);
	if (r)
		return r;
	m.control = h.control;
	m.has_control = h.control != NULL;
	m.control_len = h.control ? h.controllen : 0;
	m.out_flags = flags & MSG_CMSG_CLOEXEC;
	r = socket_recv(f, &m);
	if (r >= 0) {
		int bad = recv_finish(&m, &h, user);

		if (bad)
			r = bad;
	}
	kfree(alloc);
	return r;
}

long sys_sendmsg(int fd, const void *msg, unsigned flags)
{
	int r;
	struct file *f = socket_get(fd, &r);
	long done;

	if (!f)
		return r;
	done = send_one(f, msg, flags);
	file_put(f);
	return done;
}

long sys_recvmsg(int fd, void *msg, unsigned flags)
{
	int r;
	struct file *f = socket_get(fd, &r);
	long done;

	if (!f)
		return r;
	done = recv_one(f, msg, flags);
	file_put(f);
	return done;
}

static int tell_len(struct linux_mmsghdr *user, long n)
{
	uint32_t len = (uint32_t)n;

	return copy_to_user(&user->len, &len, sizeof(len));
}

// As Linux: an error after the first message is kept for the next call and the count is given now.
static long several(struct file *f, unsigned done, long r)
{
	if (!done)
		return r;
	if (r < 0 && r != -EAGAIN)
		file_sock(f)->error = r > -512 ? (int)-r : 0;
	return done;
}

long sys_sendmmsg(int fd, struct linux_mmsghdr *vec, unsigned count, unsigned flags)
{
	int err;
	struct file *f = socket_get(fd, &err);
	unsigned done = 0;
	long r = 0;

	if (!f)
		return err;
	count = MIN(count, (unsigned)IOV_MAX_COUNT);
	while (done < count) {
		r = send_one(f, &vec[done].hdr, flags);
		if (r >= 0)
			r = tell_len(&vec[done], r);
		if (r < 0)
			break;
		done++;
	}
	file_put(f);
	return done ? done : r;
}

static int timeout_in(uint64_t *deadline, const struct linux_timespec *user)
{
	struct linux_timespec ts;

	*deadline = FOREVER;
	if (!user)
		return 0;
	if (copy_from_user(&ts, user, sizeof(ts)))
		return -EFAULT;
	if (ts.sec < 0 || ts.nsec < 0 || ts.nsec >= (int64_t)NSEC)
		return -EINVAL;
	*deadline = time_now() + (uint64_t)MIN(ts.sec, INT32_MAX) * NSEC + (uint64_t)ts.nsec;
	return 0;
}

// The timeout is looked at between messages only, as in Linux (recvmmsg(2), BUGS).
long sys_recvmmsg(int fd, struct linux_mmsghdr *vec, unsigned count, unsigned flags,
		  const struct linux_timespec *timeout)
{
	uint64_t deadline;
	unsigned done = 0;
	struct file *f;
	int err;
	long r = timeout_in(&deadline, timeout);

	if (r)
		return r;
	f = socket_get(fd, &err);
	if (!f)
		return err;
	count = MIN(count, (unsigned)IOV_MAX_COUNT);
	while (done < count) {
		r = recv_one(f, &vec[done].hdr, flags & ~MSG_WAITFORONE);
		if (r >= 0)
			r = tell_len(&vec[done], r);
		if (r < 0)
			break;
		done++;
		if (flags & MSG_WAITFORONE)
			flags |= MSG_DONTWAIT;
		if (deadline != FOREVER && time_now() >= deadline)
			break;
	}
	r = several(f, done, r);
	file_put(f);
	return r;
}
