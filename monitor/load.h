// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Puts a library OS into RAM as include/pith/boot.h says, the same way for every platform: chooses
// random addresses, copies and relocates the data part, writes the boot block, and lists what must
// be mapped where. The platform maps the list, fills in the clock, and enters at `entry`.
#ifndef MONITOR_LOAD_H
#define MONITOR_LOAD_H

#include <stdint.h>

#include <pith/boot.h>
#include <pith/volume.h>
#include <host/failure.h>
#include <monitor/image.h>

#define LOAD_RAM_PA (2ul << 20)   // RAM begins here: pa 0 is never memory
#define LOAD_IMAGE_ALIGN (1ul << 30) // the image's pa: the next multiple of this behind RAM
#define LOAD_MAX_MAPS 8
#define LOAD_STACK (16ul << 10)

#define LOAD_R 1 // as PROT_READ, PROT_WRITE, PROT_EXEC
#define LOAD_W 2
#define LOAD_X 4

// Strings by pointer; NULL-terminated.
typedef const char *const *load_strings;

struct load_net {
	uint32_t flags; // NET_*
	uint8_t mac[6];
	uint16_t mtu;
	uint32_t v4_addr, v4_mask, v4_gateway; // network order
	uint8_t v6_addr[16];
	uint32_t dns_count;
	uint8_t dns[3][16];
};

struct load_config {
	const struct image *image;
	uint8_t *ram;        // RAM in this process: `memory` bytes of zeros
	uint64_t memory;     // a multiple of PAGE_SIZE
	uint64_t reserve;    // bytes at the end of RAM that are the platform's own
	uint64_t own_va_len; // address space in the window for the platform itself, or 0
	enum boot_platform platform;
	uint32_t flags;      // BOOT_*
	load_strings args;   // argv with argv[0], or NULL: the manifest's
	load_strings env;    // NAME=value that replace or join the manifest's, or NULL
	const char *hostname;
	load_strings volumes; // where they belong in the guest, or NULL
	uint32_t readonly_volumes, file_volumes; // bits
	const struct load_net *net; // NULL: none
};

struct load_map {
	uint64_t va, pa, len;
	unsigned prot; // LOAD_*
};

// The host's view of one ring: for struct ring_end. ring NULL: not there.
struct load_ring {
	struct ring *ring;
	uint32_t size;
};

struct loaded {
	struct load_map map[LOAD_MAX_MAPS]; // by ascending va; do not overlap
	unsigned maps;
	uint64_t low,
		high; // everything (own_va and the kernel stacks included) lies in [low, high)
	uint64_t own_va;           // own_va_len bytes, page-aligned, with nothing beside them
	uint64_t entry, syscall_entry, trap_entry; // virtual addresses
	uint64_t boot_va;          // of the boot block: %rdi
	uint64_t stack_top;        // %rsp
	paddr_t area_pa;           // of struct vcpu_area
	paddr_t image_pa;
	struct boot_block *boot;   // host pointers into RAM
	struct vcpu_area *area;
	struct volume_request *volume; // NULL: no volumes
	struct load_ring con_out, con_in, net_rx, net_tx;
};

// Fills RAM and *out. Gives 0 or a negative errno with *why (-ENOMEM: too little memory, says how
// much is needed).
int load_image(const struct load_config *cfg, struct loaded *out, struct failure *why);

#endif
