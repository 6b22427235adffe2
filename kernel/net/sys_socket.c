// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// System calls that make, name and connect sockets.
#include <linux/syscall.h>
#include <mm/mm.h>
#include <net/socket.h>

static int install(struct sock *s, int flags)
{
	struct file *f = sock_file(s, (unsigned)flags);

	if (!f) {
		s->ops->release(s, true);
		return -ENOMEM;
	}
	return fd_install(f, flags & SOCK_CLOEXEC);
}

static int check_type(int family, int type, const struct sock_family **out)
{
	if (type & ~(SOCK_TYPE_MASK | SOCK_CLOEXEC | SOCK_NONBLOCK))
		return -EINVAL;
	if (family < 0 || family >= AF_MAX)
		return -EAFNOSUPPORT;
	if ((type & SOCK_TYPE_MASK) == 0 || (type & SOCK_TYPE_MASK) > 10)
		return -EINVAL;
	*out = socket_family(family);
	return *out ? 0 : -EAFNOSUPPORT;
}

long sys_socket(int family, int type, int protocol)
{
	const struct sock_family *fam;
	struct sock *s;
	int r = check_type(family, type, &fam);

	if (!r)
		r = fam->create(family, type & SOCK_TYPE_MASK, protocol, &s);
	return r ? r : install(s, type);
}

long sys_socketpair(int family, int type, int protocol, int *user)
{
	const struct sock_family *fam;
	struct sock *pair[2];
	int fd[2], r = check_type(family, type, &fam);

	if (r)
		return r;
	if (!fam->pair)
		return -EOPNOTSUPP;
	r = fam->pair(type & SOCK_TYPE_MASK, protocol, pair);
	if (r)
		return r;
	fd[0] = install(pair[0], type);
	if (fd[0] < 0) {
		pair[1]->ops->release(pair[1], true);
		return fd[0];
	}
	fd[1] = install(pair[1], type);
	if (fd[1] < 0) {
		fd_close(fd[0]);
		return fd[1];
	}
	if (copy_to_user(user, fd, sizeof(fd))) {
		fd_close(fd[0]);
		fd_close(fd[1]);
		return -EFAULT;
	}
	return 0;
}

long sys_bind(int fd, const void *addr, int len)
{
	struct linux_sockaddr a;
	int r;
	struct file *f = socket_get(fd, &r);

	if (!f)
		return r;
	r = sockaddr_in(&a, addr, len);
	if (r >= 0)
		r = file_sock(f)->ops->bind(file_sock(f), &a, (unsigned)len);
	file_put(f);
	return r;
}

long sys_connect(int fd, const void *addr, int len)
{
	struct linux_sockaddr a;
	int r;
	struct file *f = socket_get(fd, &r);

	if (!f)
		return r;
	r = sockaddr_in(&a, addr, len);
	if (r >= 0)
		r = file_sock(f)->ops->connect(file_sock(f), &a, (unsigned)len,
					       file_nowait(f, false));
	file_put(f);
	return r;
}

long sys_listen(int fd, int backlog)
{
	int r;
	struct file *f = socket_get(fd, &r);
	struct sock *s;

	if (!f)
		return r;
	s = file_sock(f);
	r = s->ops->listen ? s->ops->listen(s, (unsigned)backlog > SOMAXCONN ? SOMAXCONN : backlog)
			   : -EOPNOTSUPP;
	if (!r)
		s->listening = true;
	file_put(f);
	return r;
}

static int tell_peer(struct sock *s, void *addr, int *len)
{
	struct linux_sockaddr a;
	int n;

	if (!addr)
		return 0;
	memset(&a, 0, sizeof(a));
	n = s->ops->name(s, &a, true);
	if (n < 0)
		return -ECONNABORTED;
	return sockaddr_out(&a, n, addr, len);
}

static long do_accept(int fd, void *addr, int *len, int flags)
{
	int r;
	struct file *f = socket_get(fd, &r), *file;
	struct sock *s, *got;

	if (!f)
		return r;
	s = file_sock(f);
	r = s->ops->accept ? s->ops->accept(s, &got, file_nowait(f, false)) : -EOPNOTSUPP;
	file_put(f);
	if (r)
		return r;
	file = sock_file(got, (unsigned)flags);
	if (!file) {
		got->ops->release(got, true);
		return -ENOMEM;
	}
	r = tell_peer(got, addr, len);
	if (r) {
		file_put(file);
		return r;
	}
	return fd_install(file, flags & SOCK_CLOEXEC);
}

long sys_accept(int fd, void *addr, int *len)
{
	return do_accept(fd, addr, len, 0);
}

long sys_accept4(int fd, void *addr, int *len, int flags)
{
	if (flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK))
		return -EINVAL;
	return do_accept(fd, addr, len, flags);
}

long sys_shutdown(int fd, int how)
{
	int r;
	struct file *f = socket_get(fd, &r);
	struct sock *s;

	if (!f)
		return r;
	s = file_sock(f);
	r = how < SHUT_RD || how > SHUT_RDWR ? -EINVAL : s->ops->shutdown(s, how);
	file_put(f);
	return r;
}

static long get_name(int fd, void *addr, int *len, bool peer)
{
	struct linux_sockaddr a;
	int r;
	struct file *f = socket_get(fd, &r);

	if (!f)
		return r;
	memset(&a, 0, sizeof(a));
	r = file_sock(f)->ops->name(file_sock(f), &a, peer);
	if (r >= 0)
		r = sockaddr_out(&a, r, addr, len);
	file_put(f);
	return r;
}

long sys_getsockname(int fd, void *addr, int *len)
{
	return get_name(fd, addr, len, false);
}

long sys_getpeername(int fd, void *addr, int *len)
{
	return get_name(fd, addr, len, true);
}

long sys_setsockopt(int fd, int level, int name, const void *val, int len)
{
	int r;
	struct file *f = socket_get(fd, &r);

	if (!f)
		return r;
	r = socket_set_option(file_sock(f), level, name, val, len);
	file_put(f);
	return r;
}

long sys_getsockopt(int fd, int level, int name, void *val, int *len)
{
	int r;
	struct file *f = socket_get(fd, &r);

	if (!f)
		return r;
	r = socket_get_option(file_sock(f), level, name, val, len);
	file_put(f);
	return r;
}
