// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Capabilities: root has them all, another user none; they cannot be given away one by one.
#include <asm-generic/errno.h>
#include <linux/capability.h>

#include <core/user.h>
#include <linux/process.h>
#include <linux/syscall.h>

// Checks the header's version as Linux does: an unknown one is replaced by the preferred one.
static long check_header(void *user, unsigned *words)
{
	struct __user_cap_header_struct h;

	if (copy_from_user(&h, user, sizeof(h)))
		return -EFAULT;
	*words = h.version == _LINUX_CAPABILITY_VERSION_1 ? 1 : 2;
	if (h.version != _LINUX_CAPABILITY_VERSION_1 && h.version != _LINUX_CAPABILITY_VERSION_2 &&
	    h.version != _LINUX_CAPABILITY_VERSION_3) {
		h.version = _LINUX_CAPABILITY_VERSION_3;
		return copy_to_user(user, &h, sizeof(h)) ? -EFAULT : -EINVAL;
	}
	if (h.pid && h.pid != current_process()->pid)
		return h.pid < 0 ? -EINVAL : -ESRCH;
	return 0;
}

static void fill(struct __user_cap_data_struct d[2])
{
	const uint64_t all = (1ull << (CAP_LAST_CAP + 1)) - 1,
		       have = current_process()->euid ? 0 : all;

	for (int i = 0; i < 2; i++) {
		d[i].effective = d[i].permitted = (uint32_t)(have >> 32 * i);
		d[i].inheritable = 0;
	}
}

long sys_capget(void *header, void *data)
{
	struct __user_cap_data_struct d[2];
	unsigned words;
	long r = check_header(header, &words);

	if (!data)
		return r == -EINVAL ? 0 : r;
	if (r)
		return r;
	fill(d);
	return copy_to_user(data, d, words * sizeof(d[0]));
}

// Setting what one has is fine; another set is refused.
long sys_capset(void *header, const void *data)
{
	struct __user_cap_data_struct d[2], have[2];
	unsigned words;
	long r = check_header(header, &words);

	if (r)
		return r;
	if (copy_from_user(d, data, words * sizeof(d[0])))
		return -EFAULT;
	fill(have);
	return memcmp(d, have, words * sizeof(d[0])) ? -EPERM : 0;
}
