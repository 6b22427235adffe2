// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Lays out the nucleus at the end of RAM, with the first page tables: nucleus_prepare(), whatever
// else the platform maps, nucleus_finish().
//
//   its part: | code | data | stack | IST | pool of page tables |
//
// The part must be zeros, or the flags say PT_F_DIRTY. Like the loader this is in the monitor and
// in start-up code: what is written is named by where it is seen here, what the guest is told by
// its pa or virtual address. Where memory is mapped one to one the two are the same.
#ifndef LOADER_NUCLEUS_H
#define LOADER_NUCLEUS_H

#include <stdbool.h>
#include <stdint.h>

#include <loader/load.h>
#include <nucleus/layout.h>

// Bytes at the end of `memory` that the nucleus and its page tables take.
uint64_t nucleus_reserve(uint64_t memory);

// A TSS that permits other ports than the monitor's: the platform fills in io_permit, whose last
// byte is 0xff, and maps it at `at`, an offset from the nucleus's base.
struct nucleus_tss {
	struct tss *tss; // as seen here; NULL: the one in struct nucleus_data
	uint64_t at;
	uint32_t len;    // with io_permit
};

struct nucleus_place {
	uint8_t *part;       // nucleus_reserve() bytes, as seen here
	paddr_t pa;
	uint64_t len;
	const uint8_t *code; // IMAGE_PART_NUCLEUS
	uint64_t code_len;
	uint64_t random;     // from which its base is chosen
	uint64_t image_len;
	uint32_t pt_flags;   // PT_F_WX, PT_F_1G, PT_F_DIRTY
	const struct loaded *loaded;
	struct nucleus_tss tss;
	bool slow; // pc: CPL 0 is emulated, and calls come another way (include/pith/nucleus.h)
	bool pc; // interrupts come from a local APIC, on a stack that the platform maps
};

struct nucleus {
	uint64_t va; // its base
	struct pt pt; // the editor as it works here
	struct nucleus_data *data;
};

// Copies the code, fills struct nucleus_data, and makes tables with all that the loader lists and
// the nucleus itself. Until nucleus_finish() pt_map() and pt_map_nucleus() map whatever is asked
// for. (Not pt_map_nucleus() in the lower half: nothing beside it could be mapped for CPL 3.) Gives
// 0 or a negative errno: -EINVAL (code too long), -ENOMEM (pool too small).
int nucleus_prepare(struct nucleus *n, const struct nucleus_place *p);

// CPL 3 will never change what is mapped at [va, va + len). Gives 0, or -ENOMEM: PT_KEEP_MAX are
// there.
int nucleus_keep(struct nucleus *n, uint64_t va, uint64_t len);

// Sets the editor's limits, here and in the nucleus.
int nucleus_finish(struct nucleus *n, const struct nucleus_place *p);

// Between the files of this: descriptors, gates and frames (loader/descriptors.c).
void nucleus_fill_data(struct nucleus *n, const struct nucleus_place *p);

#endif
