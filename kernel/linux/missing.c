// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// System calls that were asked for and are not there. Each is noted with how often and with who
// asked first, in the vcpu area, where `pith inspect` finds it; at the end of the instance they are
// listed in a line or two.
//
// What is told at once, and only the first time, is what the user can do something about: a call
// that Pith has and the builder did not find in the program, and one that nobody is known to do
// without. Runtimes probe for others and have an answer to ENOSYS; these are listed at the end.
#include <core/console.h>
#include <core/symbol.h>
#include <linux/dispatch.h>
#include <linux/missing.h>
#include <platform/platform.h>

#define LINE 256

// Whoever calls these falls back to something else; number by number, x86-64.
static const uint16_t probes[] = {
	134 /* uselib */, 156 /* _sysctl */, 206 /* io_setup */, 237 /* mbind */,
	238 /* set_mempolicy */, 239 /* get_mempolicy */, 256 /* migrate_pages */,
	279 /* move_pages */, 298 /* perf_event_open */, 303 /* name_to_handle_at */,
	317 /* seccomp */, 321 /* bpf */, 323 /* userfaultfd */, 329 /* pkey_mprotect */,
	330 /* pkey_alloc */, 425 /* io_uring_setup */, 434 /* pidfd_open */,
	440 /* process_madvise */, 444 /* landlock_create_ruleset */, 447 /* memfd_secret */,
	449 /* futex_waitv */, 450 /* set_mempolicy_home_node */, 451 /* cachestat */,
};

static uintptr_t first_pc[AREA_MISSING];

static bool is_probe(uint64_t nr)
{
	for (size_t i = 0; i < ARRAY_LEN(probes); i++)
		if (probes[i] == nr)
			return true;
	return false;
}

static const char *where(uintptr_t pc, char *buf, size_t size)
{
	if (!symbol_find(pc, buf, size))
		ksnprintf(buf, size, "0x%lx", pc);
	return buf;
}

static void tell(uint64_t nr, uintptr_t pc)
{
	const char *name = nr < SYSCALL_COUNT ? syscall_name((unsigned)nr) : "?";
	char at[96];

	if (nr < SYSCALL_COUNT && syscall_table[nr] == SYSCALL_LEFT_OUT)
		klog("system call %s (%lu) at %s is not in this image: ENOSYS; add it with `pith "
		     "build --call %s`",
		     name, nr, where(pc, at, sizeof(at)), name);
	else if (!is_probe(nr))
		klog("system call %s (%lu) at %s is not there: ENOSYS", name, nr,
		     where(pc, at, sizeof(at)));
}

void missing_call(uint64_t nr, uintptr_t pc)
{
	struct area_missing *m = percpu()->area->missing;
	unsigned i = 0;

	while (i < AREA_MISSING && m[i].count && m[i].nr != (uint32_t)nr)
		i++;
	if (i == AREA_MISSING) {
		percpu()->area->missing_others++;
		return;
	}
	if (m[i].count++)
		return;
	m[i].nr = (uint32_t)nr;
	first_pc[i] = pc;
	tell(nr, pc);
}

void missing_report(void)
{
	const struct vcpu_area *a = percpu()->area;
	char line[LINE], at[96];
	size_t len = 0;

	for (unsigned i = 0; i < AREA_MISSING && a->missing[i].count; i++) {
		const struct area_missing *m = &a->missing[i];

		if (len > LINE - 120) {
			klog("asked for and not there:%s", line);
			len = 0;
		}
		len += (size_t)ksnprintf(line + len, LINE - len, " %s",
					 m->nr < SYSCALL_COUNT ? syscall_name(m->nr) : "?");
		if (m->count > 1)
			len += (size_t)ksnprintf(line + len, LINE - len, " %u times", m->count);
		len += (size_t)ksnprintf(line + len, LINE - len, " (%s)",
					 where(first_pc[i], at, sizeof(at)));
	}
	if (len)
		klog("asked for and not there:%s%s", line, a->missing_others ? " and others" : "");
}
