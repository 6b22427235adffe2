// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Contents of /proc outside the directories of processes, in Linux's formats (proc(5)).
#include <fs/procfs.h>
#include <fs/volfs.h>
#include <linux/process.h>
#include <mm/mm.h>

#pragma weak volfs_mounted
#define SECOND ((uint64_t)NSEC)

static void meminfo_text(struct text *t)
{
	static const char names[] = 
		"MemTotal\0MemFree\0MemAvailable\0Buffers\0Cached\0SwapCached\0Active\0"
		"Inactive\0SwapTotal\0SwapFree\0"
		"Shmem\0HugePages_Total\0HugePages_Free\0";
	uint64_t free = frame_available() * (PAGE_SIZE / 1024);
	uint64_t kb[3] = { frame_total() * (PAGE_SIZE / 1024), free, free };
	int i = 0;

	for (const char *n = names; *n; n += strlen(n) + 1, i++)
		text_add(t, "%s:%12lu kB\n", n, i < 3 ? kb[i] : 0);
	text_add(t, "Hugepagesize:%12u kB\n", 2048);
}

struct cpuid {
	uint32_t a, b, c, d;
};

static struct cpuid cpuid(uint32_t leaf)
{
	struct cpuid r;

	__asm__ volatile("cpuid" : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d) : "a"(leaf), "c"(0));
	return r;
}

static void cpuinfo_text(struct text *t)
{
	struct cpuid id = cpuid(0), sig = cpuid(1), brand[3] = { { 0, 0, 0, 0 } };
	uint32_t vendor[3] = { id.b, id.d, id.c }, family = sig.a >> 8 & 15,
		 model = sig.a >> 4 & 15;

	if (family == 6 || family == 15)
		model |= sig.a >> 12 & 0xf0;
	if (family == 15)
		family += sig.a >> 20 & 0xff;
	if (cpuid(0x80000000u).a >= 0x80000004u)
		for (uint32_t i = 0; i < 3; i++)
			brand[i] = cpuid(0x80000002u + i);
	text_add(t,
		 "processor\t: 0\nvendor_id\t: %.12s\ncpu family\t: %u\nmodel\t\t: %u\nmodel "
		 "name\t: %.48s\nstepping\t: %u\n",
		 (const char *)vendor, family, model, (const char *)brand, sig.a & 15);
	text_add(t,
		 "physical id\t: 0\nsiblings\t: 1\ncore id\t\t: 0\ncpu cores\t: 1\nfpu\t\t: yes\n");
	text_add(t, "flags\t\t: fpu tsc cx8 cmov mmx fxsr sse sse2 syscall nx lm constant_tsc\n\n");
}

static void stat_text(struct text *t)
{
	struct process *p = current_process();
	uint64_t hz = SECOND / 100, busy = process_cpu_ns(p) / hz, up = time_now() / hz,
		 idle = up > busy ? up - busy : 0;

	for (int i = 0; i < 2; i++)
		text_add(t, "cpu%s %lu 0 0 %lu 0 0 0 0 0 0\n", i ? "0" : " ", busy, idle);
	text_add(t, "intr 0\nctxt 0\nbtime %lu\nprocesses %d\nprocs_running %u\nprocs_blocked 0\n",
		 (uint64_t)time_wall_offset() / SECOND, p->pid, MAX(sched_runnable(), 1u));
}

static void uuid_text(struct text *t, const uint8_t *from)
{
	uint8_t u[16];

	memcpy(u, from, sizeof(u));
	u[6] = (u[6] & 0x0f) | 0x40; // RFC 4122, 4.4: version 4, variant 1
	u[8] = (u[8] & 0x3f) | 0x80;
	for (int i = 0; i < 16; i++)
		text_add(t, i == 4 || i == 6 || i == 8 || i == 10 ? "-%02x" : "%02x", u[i]);
	text_add(t, "\n");
}

static void random_uuid(struct text *t, bool boot)
{
	static uint8_t boot_id[16];
	uint8_t fresh[16];

	if (!boot_id[0] && !boot_id[15])
		random_bytes(boot_id, sizeof(boot_id));
	random_bytes(fresh, sizeof(fresh));
	uuid_text(t, boot ? boot_id : fresh);
}

static const char mounts[] = "root\0/\0tmpfs\0rw\0proc\0/proc\0proc\0ro\0sysfs\0/sys\0sysfs\0ro\0";

static void mount_text(struct text *t, bool info, int id, const char *const field[4])
{
	if (info)
		text_add(t, "%d %d 0:%d / %s %s - %s %s %s\n", id, id > 20 ? 20 : 1, id, field[1],
			 field[3], field[2], field[0], field[3]);
	else
		text_add(t, "%s %s %s %s 0 0\n", field[0], field[1], field[2], field[3]);
}

static void mounts_text(struct text *t, bool info)
{
	const char *field[4], *p = mounts;
	bool readonly;
	int id;

	for (id = 20; *p; id++) {
		for (int i = 0; i < 4; i++, p += strlen(p) + 1)
			field[i] = p;
		mount_text(t, info, id, field);
	}
	field[0] = field[2] = "volume";
	for (unsigned i = 0; volfs_mounted && volfs_mounted(i, &field[1], &readonly); i++) {
		field[3] = readonly ? "ro" : "rw";
		mount_text(t, info, id++, field);
	}
}

bool proc_system_text(struct text *t, char letter)
{
	uint64_t up = time_now(), idle = up - MIN(up, process_cpu_ns(current_process()));

	switch (letter) {
	case 'h': meminfo_text(t); return true;
	case 'C': cpuinfo_text(t); return true;
	case 'S': stat_text(t); return true;
	case 'H': text_add(t, "%s\n", init_process->hostname); return true;
	case 'R': random_uuid(t, false); return true;
	case 'B': random_uuid(t, true); return true;
	case 'o': mounts_text(t, false); return true;
	case 'O': mounts_text(t, true); return true;
	case 'U':
		text_add(t, "%lu.%02lu %lu.%02lu\n", up / SECOND, up % SECOND / 10000000,
			 idle / SECOND, idle % SECOND / 10000000);
		return true;
	default:
		return false;
	}
}
