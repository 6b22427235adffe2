// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// capget, capset: see caps.h.
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

static uint64_t permitted(const struct process *p)
{
	return CAPS_ALL & ~p->caps.not_permitted;
}

static void fill(struct __user_cap_data_struct d[2])
{
	const struct process *p = current_process();
	const uint64_t effective = CAPS_ALL & ~p->caps.not_effective;

	for (int i = 0; i < 2; i++) {
		d[i].effective = (uint32_t)(effective >> 32 * i);
		d[i].permitted = (uint32_t)(permitted(p) >> 32 * i);
		d[i].inheritable = (uint32_t)(p->caps.inheritable >> 32 * i);
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

// What is permitted can only become less, what is effective must be permitted, and what is
// inheritable must have been permitted or inheritable.
long sys_capset(void *header, const void *data)
{
	struct __user_cap_data_struct d[2] = { { 0, 0, 0 }, { 0, 0, 0 } };
	struct process *p = current_process();
	uint64_t may, can, inherit;
	unsigned words;
	long r = check_header(header, &words);

	if (r)
		return r;
	if (copy_from_user(d, data, words * sizeof(d[0])))
		return -EFAULT;
	can = (d[0].effective | (uint64_t)d[1].effective << 32) & CAPS_ALL;
	may = (d[0].permitted | (uint64_t)d[1].permitted << 32) & CAPS_ALL;
	inherit = (d[0].inheritable | (uint64_t)d[1].inheritable << 32) & CAPS_ALL;
	if ((may & ~permitted(p)) || (can & ~may) ||
	    (inherit & ~(permitted(p) | p->caps.inheritable)))
		return -EPERM;
	p->caps.not_permitted = CAPS_ALL & ~may;
	p->caps.not_effective = CAPS_ALL & ~can;
	p->caps.inheritable = inherit;
	p->caps.ambient &= may & inherit;
	return 0;
}
