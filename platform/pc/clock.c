// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// KVM's clock (pvclock: Linux, Documentation/virt/kvm/x86/msr.rst) says how fast the TSC runs, and
// may say something else later, when the machine has moved to another host. Time goes on from where
// it is.
#include <drivers/io.h>
#include <platform/pc/pc.h>
#include <platform/pc/pvclock.h>

void pc_clock_keep(void)
{
	const volatile struct pvclock *p = (const volatile struct pvclock *)pc.info->pvclock_va;
	struct boot_clock *c = &pc.area->clock;
	static uint32_t seen;
	uint32_t version = p ? p->version : 0;
	uint64_t mult, now;

	if (!p || version == seen || version & 1)
		return;
	seen = version;
	mult = pvclock_mult(p);
	if (!mult || mult == c->mult)
		return;
	now = io_tsc();
	c->mono_ns += (uint64_t)((unsigned __int128)(now - c->tsc_ref) * c->mult >> 32);
	c->tsc_ref = now;
	c->mult = mult;
	c->seq += 2;
}
