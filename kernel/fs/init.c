// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Files at boot: the root, what is mounted in it, the current directory, and the descriptors 0, 1
// and 2.
#include <core/console.h>
#include <fs/abi.h>
#include <fs/console.h>
#include <fs/erofs_vnode.h>
#include <fs/file.h>
#include <fs/procfs.h>
#include <fs/vnode.h>
#include <linux/process.h>
#include <platform/platform.h>

#pragma weak tmpfs_root
#pragma weak devfs_populate
#pragma weak procfs_mount
#pragma weak volfs_mount

#define STATUS_FAILED 125 // as where the monitor could not begin

const struct boot_block *fs_boot;
static struct erofs image;

static int mount_all(const struct boot_block *boot, struct vnode **root)
{
	int r = erofs_mount(&image, (const void *)(boot->image_va + boot->root_off),
			    boot->root_len);

	if (r) {
		klog("the image's root file system cannot be read (%d): build the image anew", r);
		return r;
	}
	r = tmpfs_root ? tmpfs_root(&image, root) : erofs_root(&image, root);
	if (!r && devfs_populate)
		r = devfs_populate(*root);
	if (!r && procfs_mount)
		r = procfs_mount(*root);
	return r;
}

static int open_console(struct process *p)
{
	for (int stream = 0; stream < 3; stream++) {
		unsigned access = console_is_tty(stream) ? O_RDWR : stream ? O_WRONLY : O_RDONLY;
		struct file *f = console_open(stream, access);
		int r = f ? fd_install_at(p->files, stream, f, false) : -ENOMEM;

		if (r < 0)
			return r;
	}
	return 0;
}

int fs_init(const struct boot_block *boot, struct process *p)
{
	const char *cwd = (const char *)boot + boot->cwd;
	struct vnode *root, *dir;
	int r;

	fs_boot = boot;
	r = mount_all(boot, &root);
	if (r)
		return r;
	p->root = root;
	p->cwd = vnode_get(root);
	if (volfs_mount && volfs_mount(boot, root))
		plat->exit(STATUS_FAILED);
	if (boot->cwd && *cwd) {
		r = path_vnode(root, cwd, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &dir);
		if (r) {
			klog("the working directory %s is not in the image (%d)", cwd, r);
			return r;
		}
		vnode_put(p->cwd);
		p->cwd = dir;
	}
	p->files = p->files ? p->files : fd_table_create();
	if (!p->files)
		return -ENOMEM;
	return open_console(p);
}
