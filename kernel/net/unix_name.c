// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names of AF_UNIX sockets: files of type socket in the file system, found again by device and
// inode, and abstract names, which are bytes and go with their socket.
#include <fs/tmpfs.h>
#include <fs/notify.h>
#include <linux/process.h>
#include <net/unix_sock.h>

// see fs/sys_open.c: names are made
void *const unix_name_needs[] __attribute__((used)) = { (void *)tmpfs_root };

static struct list named = LIST_INIT(named);

int unix_name_out(const struct unix_name *n, struct linux_sockaddr *a)
{
	struct linux_sockaddr_un *un = (void *)a;

	memset(a, 0, sizeof(*a));
	un->family = AF_UNIX;
	memcpy(un->path, n->path, n->len);
	return (int)(UNIX_ADDR_HEAD + n->len);
}

// A path ends at its first NUL or at the end of the address, and is kept with a NUL.
static int parse(const struct linux_sockaddr *a, unsigned len, struct unix_name *n)
{
	const struct linux_sockaddr_un *un = (const void *)a;

	if (len <= UNIX_ADDR_HEAD || len > UNIX_ADDR_HEAD + UNIX_PATH_MAX || un->family != AF_UNIX)
		return -EINVAL;
	n->len = len - UNIX_ADDR_HEAD;
	memcpy(n->path, un->path, n->len);
	if (!n->path[0])
		return 0;
	n->len = (unsigned)strnlen(n->path, n->len);
	if (n->len == UNIX_PATH_MAX)
		return -EINVAL; // no room for the NUL
	n->path[n->len++] = 0;
	return 0;
}

static struct unix_sock *find_abstract(const struct unix_name *n)
{
	list_for_each(l, &named) {
		struct unix_sock *u = list_entry(l, struct unix_sock, named);

		if (u->name.len == n->len && !u->name.path[0] &&
		    !memcmp(u->name.path, n->path, n->len))
			return u;
	}
	return NULL;
}

static struct unix_sock *find_file(const struct kstat *st)
{
	list_for_each(l, &named) {
		struct unix_sock *u = list_entry(l, struct unix_sock, named);

		if (u->name.path[0] && u->ino == st->ino && u->dev == st->dev)
			return u;
	}
	return NULL;
}

int unix_lookup(const struct linux_sockaddr *a, unsigned len, struct unix_sock **out)
{
	struct unix_name n;
	struct lookup l;
	struct kstat st;
	int r = parse(a, len, &n);

	if (r)
		return r;
	if (!n.path[0]) {
		*out = find_abstract(&n);
		return *out ? 0 : -ECONNREFUSED;
	}
	r = path_lookup(current_process()->cwd, n.path, LOOKUP_FOLLOW, &l);
	if (r)
		return r;
	r = vnode_stat(l.vnode, &st);
	vnode_put(l.vnode);
	if (r)
		return r;
	*out = (st.mode & S_IFMT) == S_IFSOCK ? find_file(&st) : NULL;
	return *out ? 0 : -ECONNREFUSED;
}

static int make_file(struct unix_sock *u, const struct unix_name *n)
{
	uint32_t mode = S_IFSOCK | (0777 & ~current_process()->umask);
	struct vnode *v = NULL;
	struct kstat st;
	struct lookup l;
	int r = path_lookup(current_process()->cwd, n->path, LOOKUP_PARENT, &l);

	if (r)
		return r;
	if (l.vnode)
		r = -EADDRINUSE;
	else
		r = l.dir->ops->create ? l.dir->ops->create(l.dir, l.name, l.len, mode, 0, NULL, &v)
				       : -EROFS;
	if (!r && fs_watched)
		notify_named(l.dir, l.name, l.len, NULL, IN_CREATE);
	if (!r)
		r = vnode_stat(v, &st);
	if (!r) {
		u->dev = st.dev;
		u->ino = st.ino;
	}
	if (v)
		vnode_put(v);
	lookup_put(&l);
	return r;
}

// bind() with a family and nothing else: an abstract name of the system's choice, five hexadecimal
// digits.
static int bind_auto(struct unix_sock *u)
{
	static uint32_t next;
	struct unix_name n = { .len = 6 };

	for (int i = 0; i < 0x100000; i++) {
		char digits[6];

		ksnprintf(digits, sizeof(digits), "%05x", ++next & 0xfffff);
		memcpy(n.path + 1, digits, 5);
		if (!find_abstract(&n)) {
			u->name = n;
			list_add(&named, &u->named);
			return 0;
		}
	}
	return -ENOSPC;
}

int unix_bind_name(struct unix_sock *u, const struct linux_sockaddr *a, unsigned len)
{
	struct unix_name n;
	int r;

	if (len == UNIX_ADDR_HEAD && a->family == AF_UNIX)
		return u->name.len ? 0 : bind_auto(u);
	r = parse(a, len, &n);
	if (!r && u->name.len)
		r = -EINVAL;
	if (!r && !n.path[0])
		r = find_abstract(&n) ? -EADDRINUSE : 0;
	else if (!r)
		r = make_file(u, &n);
	if (r)
		return r == -EEXIST ? -EADDRINUSE : r;
	u->name = n;
	list_add(&named, &u->named);
	return 0;
}

void unix_unbind(struct unix_sock *u)
{
	list_del(&u->named);
}
