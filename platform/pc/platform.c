// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The library OS on a PC's virtual hardware. Page tables and idle are the nucleus's; everything else
// is done here, at CPL 3, with the registers and ports that the start-up code has left open.
#include <core/random.h>
#include <drivers/virtio/rng.h>
#include <pith/pc_control.h>
#include <platform/nucleus_call.h>
#include <platform/pc/pc.h>
#include <platform/platform.h>

#define RNG_BYTES 48
#define RNG_PATIENCE_US 100000
#define IDLE_MOST 1000000000ull // at once: one second

struct pc pc;

const struct pc_device *pc_find(unsigned type, unsigned n)
{
	for (unsigned i = 0; i < pc.info->device_count; i++)
		if (pc.info->device[i].type == type && !n--)
			return &pc.info->device[i];
	return NULL;
}

static void start_rng(void)
{
	const struct pc_device *d = pc_find(PC_TYPE_RNG, 0);
	uint8_t bytes[RNG_BYTES];
	struct virtio_rng rng;

	if (!d)
		return;
	if (virtio_rng_open(&rng, d, &pc.dma))
		pc_say("the random number generator", d->where, rng.v.why);
	else
		random_add(bytes, virtio_rng_fill(&rng, bytes, sizeof(bytes),
						  pc_ticks(RNG_PATIENCE_US)));
}

static int pc_start(const struct boot_block *boot)
{
	pc.info = (const struct pc_info *)boot->platform_data[0];
	pc.boot = (struct boot_block *)boot;
	pc.area = (struct vcpu_area *)boot->area_va;
	pc.dma = (struct dma){ .va = (uint8_t *)pc.info->dma_va,
			       .pa = pc.info->dma_pa,
			       .len = pc.info->dma_len,
			       .ram_va = boot->ram_va,
			       .ram_pa = boot->ram_pa,
			       .ram_len = boot->ram_len };
	pc_console_start();
	pc_console_say(pc.info->notes);
	start_rng();
	if (&pc_net && boot->net.present)
		pc_net.start();
	return 0;
}

long pc_call(uint64_t nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
	return pc.boot->flags & BOOT_SLOW_CPL0 ? nucleus_call_slow(nr, a, b, c, d)
					       : nucleus_call(nr, a, b, c, d);
}

static int pc_map(uintptr_t va, paddr_t pa, size_t len, unsigned prot)
{
	return (int)pc_call(NCALL_MAP, va, pa, len, prot);
}

static int pc_unmap(uintptr_t va, size_t len)
{
	return (int)pc_call(NCALL_UNMAP, va, len, 0, 0);
}

static int pc_protect(uintptr_t va, size_t len, unsigned prot)
{
	return (int)pc_call(NCALL_PROTECT, va, len, prot, 0);
}

// Nobody would take it (BOOT_RAM_KEPT).
static void pc_release(paddr_t pa, size_t len)
{
}

static void pc_volume(void)
{
	if (&pc_volumes)
		pc_volumes.serve();
}

// The program is about to start.
static void pc_seal(void)
{
	pc_call(NCALL_SEAL, 0, 0, 0, 0);
	pc_control_send(PC_STARTED, 0);
}

// A device that was lost at work is told of once.
static void tell_lost(void)
{
	const char *why;
	const struct pc_device *d = virtio_lost(&why);

	if (d)
		pc_say("the virtio device", d->where, why);
}

static bool pump(void)
{
	bool came = pc_console_pump();

	tell_lost();
	if (&pc_net && pc.boot->net.present)
		came |= pc_net.pump();
	if (&pc_volumes)
		came |= pc_volumes.pump();
	return came;
}

static bool arm(void)
{
	bool ready = pc_console_arm();

	if (&pc_net && pc.boot->net.present)
		ready |= pc_net.arm();
	if (&pc_volumes)
		ready |= pc_volumes.arm();
	return ready;
}

// Lines are edge-triggered: where one device asks while another keeps the line up there is no edge.
// So all are looked at again when all have been acknowledged: who kept it up then has something.
static bool ready(void)
{
	return arm() || (pc.info->flags & PC_F_SHARED_LINES && arm());
}

static void disarm(void)
{
	pc_console_disarm();
	if (&pc_net && pc.boot->net.present)
		pc_net.disarm();
	if (&pc_volumes)
		pc_volumes.disarm();
}

void pc_idle(uint64_t ns)
{
	uint64_t count = 0;

	if (ns != UINT64_MAX) { // too early is no mistake
		count = (ns > IDLE_MOST ? IDLE_MOST : ns) * pc.info->apic_khz / 1000000;
		count = count > UINT32_MAX ? UINT32_MAX : count ? count : 1;
	}
	pc_call(NCALL_IDLE, count, 0, 0, 0);
}

static void pc_wait(void)
{
	uint64_t ns = pc.area->wait_ns, most = pc_console_patience();
	uint64_t disks = &pc_volumes ? pc_volumes.keep() : UINT64_MAX;

	most = disks < most ? disks : most;
	pc_clock_keep();
	if (pump() || !ns || __atomic_load_n(&pc.area->events, __ATOMIC_ACQUIRE))
		return;
	if (!ready() && !pump())
		pc_idle(ns < most ? ns : most);
	disarm();
	pump();
}

const struct platform platform_pc = {
	.name = "pc",
	.start = pc_start,
	.map = pc_map,
	.unmap = pc_unmap,
	.protect = pc_protect,
	.release = pc_release,
	.wait = pc_wait,
	.volume = pc_volume,
	.seal = pc_seal,
	.exit = pc_end,
};
