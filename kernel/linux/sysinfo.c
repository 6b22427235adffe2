// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// sysinfo(2).
#include <asm-generic/errno.h>

#include <core/user.h>
#include <linux/process.h>
#include <linux/syscall.h>
#include <mm/mm.h>

struct sysinfo_user {
	int64_t uptime;
	uint64_t loads[3], totalram, freeram, sharedram, bufferram, totalswap, freeswap;
	uint16_t procs, pad;
	uint64_t totalhigh, freehigh;
	uint32_t mem_unit;
};
_Static_assert(sizeof(struct sysinfo_user) == 112, "struct sysinfo");

long sys_sysinfo(struct sysinfo_user *buf)
{
	struct sysinfo_user s = {
		.uptime = (int64_t)(time_now() / NSEC),
		.totalram = frame_total() * PAGE_SIZE,
		.freeram = frame_available() * PAGE_SIZE,
		.procs = (uint16_t)current_process()->thread_count,
		.mem_unit = 1,
	};

	return copy_to_user(buf, &s, sizeof(s));
}
