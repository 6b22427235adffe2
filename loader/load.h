// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Puts a library OS into RAM as include/pith/boot.h says, the same way for every platform: chooses
// random addresses, copies and relocates the data part, writes the boot block, and lists what must
// be mapped where. The platform maps the list, fills in the clock, and enters at `entry`.
//
// The monitor and the start-up code of images that boot by themselves have the loader in common: it
// is freestanding C that can run at any address, and calls memcpy, memset, strlen and strncmp only.
#ifndef LOADER_LOAD_H
#define LOADER_LOAD_H

#include <stdint.h>

#include <pith/boot.h>
#include <pith/image.h>
#include <pith/volume.h>

#define LOAD_MAX_MAPS 8
#define LOAD_STACK (16ul << 10)

#define LOAD_R 1 // as PROT_READ, PROT_WRITE, PROT_EXEC
#define LOAD_W 2
#define LOAD_X 4

// As Linux limits arguments and environment together (a quarter of an 8 MiB stack).
#define LOAD_STRINGS_MAX (2ul << 20)

// An image, unpacked and checked: nothing of it is checked here.
struct load_image {
	const uint8_t *map;
	uint64_t len;
	const struct image_header *header;
	const struct manifest *manifest;
};

#define LOAD_DICE 24
struct load_random {
	uint64_t dice[LOAD_DICE]; // for addresses
	uint8_t seed[64];         // of the boot block
};

// Strings by pointer; NULL-terminated.
typedef const char *const *load_strings;

// As in struct boot_net.
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
	struct load_image image;
	paddr_t image_pa;    // of the file, which does not overlap RAM
	uint8_t *ram;        // RAM as it is seen here: `memory` bytes of zeros, or BOOT_RAM_DIRTY
	paddr_t ram_pa;
	uint64_t memory;     // a multiple of PAGE_SIZE
	const struct load_random *random; // numbers that nobody else knows
	uint64_t reserve;    // bytes at the end of RAM that are the platform's own
	uint64_t extra_len;  // bytes of RAM, of zeros, that are the platform's and CPL 3 sees, or 0
	uint64_t own_va_len; // address space in the window for the platform itself, or 0
	enum boot_platform platform;
	uint32_t flags;      // BOOT_*
	load_strings args;   // argv with argv[0], or NULL: the manifest's
	load_strings env;    // NAME=value that replace or join the manifest's, or NULL
	const char *hostname;
	load_strings volumes; // where they belong in the guest, or NULL
	uint32_t readonly_volumes, file_volumes, disk_volumes; // bits
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
	uint64_t extra;            // offset of extra_len bytes in RAM, on a page
	struct volume_request *volume; // NULL: no volumes
	struct load_ring con_out, con_in, net_rx, net_tx;
	uint64_t need; // -ENOMEM: bytes of memory with which it would start
};

// Fills RAM and *out. Gives 0 or a negative errno: -ENOMEM (too little memory: out->need), -E2BIG
// (strings longer than LOAD_STRINGS_MAX), -EFBIG (image and memory are too large for the window).
int load_image(const struct load_config *cfg, struct loaded *out);

#endif
