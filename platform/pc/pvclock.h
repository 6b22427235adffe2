// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// KVM's clock, as the host keeps it in a page of the guest (Linux, Documentation/virt/kvm/x86/msr.rst
// and arch/x86/include/asm/pvclock-abi.h).
#ifndef PC_PVCLOCK_H
#define PC_PVCLOCK_H

#include <stdint.h>

struct pvclock {
	uint32_t version, pad;
	uint64_t tsc_timestamp, system_time;
	uint32_t mul;
	int8_t shift;
	uint8_t flags, pad2[2];
};
_Static_assert(sizeof(struct pvclock) == 32, "pvclock_vcpu_time_info");

// For struct boot_clock: ns = tsc * mult >> 32. 0: it says nothing that could be.
static inline uint64_t pvclock_mult(const volatile struct pvclock *p)
{
	int shift = p->shift;

	if (shift < -31 || shift > 31)
		return 0;
	return shift >= 0 ? (uint64_t)p->mul << shift : p->mul >> -shift;
}

#endif
