// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Capabilities go with the user, stay if that was asked for, and can only become fewer.
// ROOT: yes
// LIBC: glibc
#include "t.h"
#include <linux/capability.h>
#include <sys/prctl.h>

static struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
static struct __user_cap_data_struct data[2];

static bool has(uint32_t set, int cap)
{
	return set >> cap & 1;
}

int main(void)
{
	NEED(!syscall(SYS_capget, &head, data));
	CHECK(has(data[0].effective, CAP_CHOWN) && has(data[0].permitted, CAP_SETUID));
	CHECK(prctl(PR_CAPBSET_READ, CAP_CHOWN) == 1);
	CHECK_ERR(prctl(PR_CAPBSET_READ, 63), EINVAL);
	SHOW(prctl(PR_GET_KEEPCAPS));
	CHECK(!prctl(PR_SET_KEEPCAPS, 1));
	CHECK_ERR(prctl(PR_SET_KEEPCAPS, 2), EINVAL);
	SHOW(prctl(PR_GET_KEEPCAPS));
	CHECK(!syscall(SYS_setresuid, 1000, 1000, 1000));
	NEED(!syscall(SYS_capget, &head, data));
	CHECK(!data[0].effective && has(data[0].permitted, CAP_NET_BIND_SERVICE));
	data[0].effective = data[0].permitted = 1u << CAP_NET_BIND_SERVICE;
	data[0].inheritable = data[1].effective = data[1].permitted = 0;
	CHECK(!syscall(SYS_capset, &head, data));
	NEED(!syscall(SYS_capget, &head, data));
	CHECK(data[0].effective == 1u << CAP_NET_BIND_SERVICE && data[0].permitted == data[0].effective);
	CHECK_ERR(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_BIND_SERVICE, 0, 0), EPERM);
	data[0].inheritable = data[0].permitted;
	CHECK(!syscall(SYS_capset, &head, data));
	CHECK(!prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_BIND_SERVICE, 0, 0));
	SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_NET_BIND_SERVICE, 0, 0));
	data[0].permitted |= 1u << CAP_SYS_ADMIN;
	CHECK_ERR(syscall(SYS_capset, &head, data), EPERM);
	data[0].permitted = 0;
	CHECK_ERR(syscall(SYS_capset, &head, data), EPERM); // effective without permitted
	data[0].effective = data[0].inheritable = 0;
	CHECK(!syscall(SYS_capset, &head, data));
	SHOW(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_NET_BIND_SERVICE, 0, 0));
	CHECK_ERR(prctl(PR_CAPBSET_DROP, CAP_CHOWN), EPERM);
	head.version = 1;
	CHECK_ERR(syscall(SYS_capget, &head, data), EINVAL);
	CHECK(head.version == _LINUX_CAPABILITY_VERSION_3);
	return 0;
}
