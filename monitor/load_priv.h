// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Between the files of the loader.
#ifndef MONITOR_LOAD_PRIV_H
#define MONITOR_LOAD_PRIV_H

#include <monitor/load.h>

// Offsets in RAM; `va` of a planned ring is an offset too.
struct ram_plan {
	uint64_t stack, area, volume, boot, end; // volume 0: none
	uint32_t boot_len;
	struct boot_ring con_out, con_in, net_rx, net_tx;
};

// Addresses (monitor/load_place.c).
struct places {
	uint64_t kernel, stack; // the boot stack lies behind the kernel with a guard page between
	uint64_t image, ram, stacks, own;
	uint64_t stacks_len;
	uint64_t low, high;
	uint8_t seed[64];       // for the boot block, drawn at the same time
};
int places_choose(const struct load_config *cfg, struct places *at, struct failure *why);

// Strings of the boot block (monitor/load_strings.c), one behind the other as they will be written.
struct strings {
	char *text;
	size_t len, room;
	struct boot_strings args, env, volumes; // `off` from the start of `text`
	uint32_t program, cwd, hostname;
};
int strings_collect(struct strings *s, const struct load_config *cfg, struct failure *why);
void strings_write(const struct strings *s, struct boot_block *boot);
void strings_free(struct strings *s);

#endif
