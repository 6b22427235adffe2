// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The whole seam between the library OS and what it stands on.
//
// A platform is a folder (platform/kvm, platform/process, ...) with a struct platform, and whatever
// enters the library OS:
//   kernel_entry(boot)   once, on the boot stack, at CPL 3 (include/pith/boot.h); the kernel picks
//   the platform by boot->platform syscall_entry        for every `syscall` instruction of the
//   program: rcx = address behind it, r11 = rflags, rsp and all other
//                        registers as the program had them (kernel/core/entry.S)
//   trap_entry           for every fault and tick: registers as interrupted,
//   rip/rflags/rsp/vector/error/cr2 in struct vcpu_area
// A tick is only ever delivered while rip is outside the library OS's text; inside, the platform
// sets EVENT_TICK in vcpu_area.events instead, so code of the library OS is never preempted. A
// fault may come from anywhere.
//
// All functions are called with the kernel lock held. Addresses and lengths are multiples of
// PAGE_SIZE. None of them allocates from the library OS's RAM, but volume()
// where the platform itself has the file system (pc). map and protect refuse
// writable+executable (-EACCES) unless the image allows it, and addresses of the nucleus or of the
// library OS's own text (-EPERM).
#ifndef PLATFORM_H
#define PLATFORM_H

#include <stddef.h>
#include <stdint.h>

#include <pith/boot.h>

#define PROT_R 1 /* as PROT_READ, PROT_WRITE, PROT_EXEC of Linux */
#define PROT_W 2
#define PROT_X 4

struct platform {
	const char *name;

	// Called once, first. Gives 0 or a negative errno.
	int (*start)(const struct boot_block *boot);

	// Maps [va, va+len) to memory at pa; what was mapped there is replaced. With PROT_W pa must
	// be RAM. -ENOMEM: out of page tables (or host mappings); then some of the range may be
	// mapped.
	int (*map)(uintptr_t va, paddr_t pa, size_t len, unsigned prot);

	// Takes every mapping in [va, va+len) away; holes are fine.
	int (*unmap)(uintptr_t va, size_t len);

	// Changes the protection of what is mapped in [va, va+len); holes are fine and stay holes.
	// prot 0: access faults, but the mapping may be forgotten (the library OS maps again on the
	// fault).
	int (*protect)(uintptr_t va, size_t len, unsigned prot);

	// RAM whose contents nobody needs: the host may take it back. It reads as zeros afterwards.
	// Not called with BOOT_RAM_KEPT.
	void (*release)(paddr_t pa, size_t len);

	// Sends what is queued in the rings, receives what there is, and sleeps until an event or
	// for area->wait_ns. One crossing.
	void (*wait)(void);

	// Serves the request of a volume: include/pith/volume.h. One crossing.
	void (*volume)(void);

	// Boot is over: the nucleus refuses from now on what only boot needs.
	void (*seal)(void);

	// Ends the instance with this status (0..255). Queued console output is still written.
	void (*exit)(int status) __attribute__((noreturn));
};

// NULL (weak) where the image was built for other platforms only.
extern const struct platform platform_kvm __attribute__((weak));     // platform/kvm
extern const struct platform platform_process __attribute__((weak)); // platform/process
extern const struct platform platform_pc __attribute__((weak));      // platform/pc

extern const struct platform *plat; // the one in use; set by kernel_start()

#endif
