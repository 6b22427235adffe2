// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Between the files of the loader.
#ifndef LOADER_LOAD_PRIV_H
#define LOADER_LOAD_PRIV_H

#include <loader/load.h>

static inline uint64_t load_up(uint64_t x, uint64_t align)
{
	return (x + align - 1) & ~(align - 1);
}

static inline const struct image_part *load_part(const struct load_config *cfg,
						 enum image_part_kind kind)
{
	return &cfg->image.header->part[kind];
}

static inline const uint8_t *load_bytes(const struct load_config *cfg, enum image_part_kind kind)
{
	return cfg->image.map + load_part(cfg, kind)->off;
}

// How much address space the library OS takes from its base.
uint64_t load_kernel_len(const struct load_config *cfg);

// Offsets in RAM; `va` of a planned ring is an offset too.
struct ram_plan {
	uint64_t stack, area, volume, boot, extra, end; // volume 0: none
	uint32_t boot_len;
	struct boot_ring con_out, con_in, net_rx, net_tx;
};

// Addresses (loader/places.c).
struct places {
	uint64_t kernel, stack; // the boot stack lies behind the kernel with a guard page between
	uint64_t image, ram, stacks, own;
	uint64_t stacks_len;
	uint64_t low, high;
};
int places_choose(const struct load_config *cfg, struct places *at);

// Strings of the boot block (loader/strings.c), one behind the other. They are walked twice: first
// to be measured, then to be written. Both give 0 or -E2BIG; `len` is what strings_measure() said.
int strings_measure(const struct load_config *cfg, uint32_t *len);
int strings_write(const struct load_config *cfg, struct boot_block *boot, uint32_t len);

#endif
