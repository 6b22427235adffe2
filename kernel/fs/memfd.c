// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// memfd_create: a file in memory without a name. Seals are not kept: MFD_ALLOW_SEALING is refused,
// as where they are not supported.
#include <fs/abi.h>
#include <fs/file.h>
#include <fs/vnode.h>
#include <mm/mm.h>

#define MFD_CLOEXEC 1
#define MFD_NOEXEC_SEAL 8
#define MFD_EXEC 16
#define MFD_NAME_MAX 249

long sys_memfd_create(const char *user_name, unsigned flags)
{
	static const char prefix[] = "/memfd:";
	char name[MFD_NAME_MAX + 1];
	struct file *f;
	ssize_t n;

	if (flags & ~(MFD_CLOEXEC | MFD_EXEC | MFD_NOEXEC_SEAL))
		return -EINVAL;
	n = string_from_user(name, user_name, sizeof(name));
	if (n < 0)
		return n == -ENAMETOOLONG ? -EINVAL : n;
	f = file_new(&vnode_file_ops, O_RDWR | O_LARGEFILE, NULL);
	if (!f)
		return -ENOMEM;
	f->vnode = tmpfs_new_file(flags & MFD_NOEXEC_SEAL ? 0666 : 0777);
	f->path = kmalloc(sizeof(prefix) + (size_t)n);
	if (!f->vnode || !f->path) {
		file_put(f);
		return -ENOMEM;
	}
	memcpy(f->path, prefix, sizeof(prefix) - 1);
	memcpy(f->path + sizeof(prefix) - 1, name, strlen(name) + 1);
	return fd_install(f, flags & MFD_CLOEXEC);
}
