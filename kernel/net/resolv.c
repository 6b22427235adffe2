// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// /etc/resolv.conf, made at boot from what the host or DHCP said, where the image has none of its
// own (an empty one is none: images of containers have such) and its program can open files at all
// (then, and only then, the root can be written to: fs/sys_open.c; and has a folder /etc:
// image/etc.c).
#include <fs/file.h>
#include <fs/vnode.h>
#include <net/abi.h>
#include <net/netif.h>

#pragma weak tmpfs_root
#pragma weak file_open

#define PATH "/etc/resolv.conf"

static int open_it(struct file **f)
{
	struct kstat st = { .size = 0 };
	int r = file_open(NULL, PATH, O_WRONLY | O_CREAT | O_NONBLOCK, 0644, f);

	if (r)
		return r;
	if (!(*f)->vnode->ops->getattr((*f)->vnode, &st) && !st.size)
		return 0;
	file_put(*f);
	return -EEXIST;
}

void net_up(void)
{
	char text[192];
	struct file *f;
	uint64_t pos = 0;
	int n;

	net_start();
	if (!tmpfs_root || !file_open)
		return;
	net_hosts();
	n = net_resolv_conf(text, sizeof(text));
	if (!n || open_it(&f))
		return;
	file_write_kernel(f, text, (size_t)n, &pos);
	file_put(f);
}
