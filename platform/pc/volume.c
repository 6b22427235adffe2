// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Volumes: for images whose programs make the calls that need them. Each is a 9p device with that
// mount tag, or a disk with that serial number, or diskN: the N-th disk found, from 0. They are
// opened with the first request, when the library OS has memory to give.
#include <core/klib.h>
#include <drivers/io.h>
#include <platform/pc/volume.h>

#define PATIENCE_US 30000000
#define IDLE_NS 10000000 // a device that does not interrupt is looked at as often

static struct volume_server *servers[VOLUME_COUNT_MAX];
static bool opened;
static bool busy; // a server is at work: what comes in between (the end in a crash) leaves it alone

static uint64_t began; // TSC when a server was set to work; 0: it was told of already

// A device is waited for as long as it takes, but whoever looks at the console learns why.
void pc_volume_idle(void)
{
	pc_idle(IDLE_NS);
	if (!began || io_tsc() - began < pc_ticks(PATIENCE_US))
		return;
	began = 0;
	pc_console_say("pith: a volume has not answered for 30 seconds: waiting\n");
}

static void open_all(void)
{
	struct boot_volumes *v = &pc.boot->volumes;
	const char *path = (const char *)pc.boot + v->paths.off;

	for (unsigned i = 0; i < pc.info->volume_count; i++) {
		const char *name = pc.info->volume[i].name;
		bool readonly = v->readonly >> i & 1;

		servers[i] = pc_volume_9p(i, name, path);
		if (!servers[i] && pc_volume_disk)
			servers[i] = pc_volume_disk(i, name, path, &readonly);
		if (!servers[i])
			pc_fail("the volume", name,
				pc_volume_disk ? "has no device: it is no mount tag of 9p, and no "
						 "serial number of a disk or diskN"
					       : "has no device: it is no mount tag of 9p; for disks "
						 "the image must be built with --call fsync");
		v->readonly |= (uint32_t)readonly << i;
		path += strlen(path) + 1;
	}
	opened = true;
}

static void serve(void)
{
	began = io_tsc();
	if (!opened)
		open_all();
	busy = true;
	volumes_answer(pc.boot, servers);
	busy = false;
}

static uint64_t keep(void)
{
	uint64_t next = UINT64_MAX;

	if (!opened || busy)
		return next;
	busy = true;
	began = io_tsc();
	if (pc_disks_keep)
		next = pc_disks_keep();
	busy = false;
	return next;
}

static bool pump(void)
{
	return opened && !busy && pc_9p_pump();
}

static bool arm(void)
{
	return opened && !busy && pc_9p_arm();
}

static void disarm(void)
{
	if (opened && !busy)
		pc_9p_disarm();
}

static void end(void)
{
	if (!busy && pc_disks_end)
		pc_disks_end();
}

const struct pc_volumes pc_volumes = {
	.serve = serve, .keep = keep, .pump = pump, .arm = arm, .disarm = disarm, .end = end
};
