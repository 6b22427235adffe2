// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Descriptors and credentials that go along with messages: unix(7), SCM_RIGHTS and SCM_CREDENTIALS.
#include <linux/process.h>
#include <mm/mm.h>
#include <net/unix_sock.h>

#define PASS_MAX 253 /* SCM_MAX_FD */

void unix_pass_free(struct passed *p)
{
	if (!p)
		return;
	for (unsigned i = 0; i < p->count; i++)
		file_put(p->file[i]);
	kfree(p);
}

static int take_files(const struct linux_cmsghdr *c, struct passed **files)
{
	unsigned n = (unsigned)((c->len - sizeof(*c)) / sizeof(int)),
		 have = *files ? (*files)->count : 0;
	const int *fd = (const int *)(c + 1);
	struct passed *p;

	if (n + have > PASS_MAX)
		return -EINVAL;
	p = krealloc(*files, sizeof(*p) + (have + n) * sizeof(p->file[0]));
	if (!p)
		return -ENOMEM;
	p->count = have;
	*files = p;
	for (unsigned i = 0; i < n; i++) {
		struct file *f = fd_get(fd[i]);

		if (!f || (f->flags & O_PATH)) {
			if (f)
				file_put(f);
			return -EBADF;
		}
		p->file[p->count++] = f;
	}
	return 0;
}

static int take_cred(const struct linux_cmsghdr *c, struct linux_ucred *cred)
{
	const struct linux_ucred *given = (const void *)(c + 1);
	const struct process *p = current_process();

	if (c->len != sizeof(*c) + sizeof(*given))
		return -EINVAL;
	if (p->euid && (given->pid != p->pid || (given->uid != p->uid && given->uid != p->euid) ||
			(given->gid != p->gid && given->gid != p->egid)))
		return -EPERM;
	*cred = *given;
	return 0;
}

int unix_pass_in(const struct msg *m, struct passed **files, struct linux_ucred *cred)
{
	const struct linux_cmsghdr *c = NULL;
	int r = 0;

	*files = NULL;
	*cred = unix_own_cred();
	while (!r && (c = msg_next_control(m, c))) {
		if (c->level != SOL_SOCKET)
			continue;
		if (c->type == SCM_RIGHTS)
			r = take_files(c, files);
		else if (c->type == SCM_CREDENTIALS)
			r = take_cred(c, cred);
		else
			r = -EINVAL;
	}
	if (r) {
		unix_pass_free(*files);
		*files = NULL;
	}
	return r;
}

// As many as there is room for get a number; the rest is closed, and the program told by
// MSG_CTRUNC.
static void give_files(struct msg *m, struct passed *p)
{
	struct linux_cmsghdr h = { .level = SOL_SOCKET, .type = SCM_RIGHTS };
	size_t room = m->control_len > sizeof(h) ? (m->control_len - sizeof(h)) / sizeof(int) : 0;
	int fds[PASS_MAX];
	unsigned n = 0;

	while (n < p->count && n < room) {
		int fd = fd_install(file_get(p->file[n]), m->flags & MSG_CMSG_CLOEXEC);

		if (fd < 0)
			break;
		fds[n++] = fd;
	}
	if (n)
		msg_control(m, SOL_SOCKET, SCM_RIGHTS, fds, n * sizeof(int));
	if (n < p->count)
		m->out_flags |= MSG_CTRUNC;
}

void unix_pass_out(struct unix_sock *u, struct msg *m, struct unix_msg *from, bool peek)
{
	if (u->s.passcred)
		msg_control(m, SOL_SOCKET, SCM_CREDENTIALS, &from->cred, sizeof(from->cred));
	if (!from->files)
		return;
	if (m->has_control)
		give_files(m, from->files);
	else
		m->out_flags |= MSG_CTRUNC;
	if (!peek) {
		unix_pass_free(from->files);
		from->files = NULL;
	}
}
