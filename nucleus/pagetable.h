// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The page-table editor: the one place that decides what CPL 3 may map. The same code runs in the
// nucleus and in the monitor, which builds the first tables with it and, on hosts that emulate the
// nucleus, does all edits (monitor/kvm/edit.c).
//
// Tables are pages of the pool, a part of guest memory that CPL 3 never sees. What both editors
// must agree on lies in pt_state, next to the nucleus; limits and places are in struct pt, of which
// each side has its own copy, so that the monitor believes the guest's memory nothing: a table's
// address that is not in the pool is -EFAULT, never a pointer.
#ifndef NUCLEUS_PAGETABLE_H
#define NUCLEUS_PAGETABLE_H

#include <stddef.h>
#include <stdint.h>

#define PT_READ 1 // as PROT_*
#define PT_WRITE 2
#define PT_EXEC 4
#define PT_UNCACHED 8 // for the loader: registers of devices

// Entries (Intel SDM vol. 3, 4.5).
#define PTE_P 0x1ull
#define PTE_W 0x2ull
#define PTE_U 0x4ull
#define PTE_PWT 0x8ull
#define PTE_PCD 0x10ull
#define PTE_A 0x20ull
#define PTE_D 0x40ull
#define PTE_PS 0x80ull
#define PTE_NX (1ull << 63)
#define PTE_ADDR 0x000ffffffffff000ull

#define PT_F_WX 0x1      // writable and executable is allowed
#define PT_F_1G 0x2      // the processor has 1 GiB pages
#define PT_F_SEALED 0x4  // keep ranges with until_seal are refused too
#define PT_F_LOADER 0x8  // no rules but arithmetic: the first tables
#define PT_F_KEEP 0x10   // tables that become empty stay where they are, until pt_trim()
#define PT_F_DIRTY 0x20  // the pool was not zeros at the start

#define PT_FLUSH_MAX 16
#define PT_KEEP_MAX 8

struct pt_range {
	uint64_t start, end;
};

// Pages that an edit changed or took away: what the translation caches may still have. Neighbours
// in both spaces are joined.
struct pt_flush {
	uint64_t va, pa, len;
};

struct pt_state {
	uint64_t next;      // pool pages from here on were never used: an offset
	uint64_t free; // chain of free tables through their first words; 0: none. A free table has
		       // no present entry.
};

struct pt {
	struct pt_state *state;
	uintptr_t pool;     // where this side sees the pool
	uint64_t pool_pa, pool_len;
	uint64_t root;      // pa of the top table
	struct pt_range ram, image; // what may be mapped: RAM for all, the image not for writing
	uint64_t va_low, va_high;   // addresses that may be changed
	struct pt_range keep[PT_KEEP_MAX]; // addresses whose mapping stays as the loader made it:
					   // from the start ...
	struct pt_range keep_sealed[PT_KEEP_MAX]; // ... and from the seal on
	uint32_t flags;     // PT_F_*
	uint32_t flush_all; // the last edit changed more than the list holds, or a large page, or
			    // took a table away
	uint32_t flush_count;
	struct pt_flush flush[PT_FLUSH_MAX];
};

// All give 0 or a negative errno: -EINVAL (not multiples of a page, overflow), -EPERM (addresses or
// memory that CPL 3 has no business with), -EACCES (writable and executable), -ENOMEM (pool used
// up), -EFAULT (tables damaged). Nothing is changed unless all of the range passed the rules; only
// -ENOMEM, -EFAULT, and the -EPERM of pt_protect() for a page of the image that would become
// writable, come on the way, with part of the range done.
int pt_map(struct pt *pt, uint64_t va, uint64_t pa, uint64_t len, unsigned prot);
int pt_unmap(struct pt *pt, uint64_t va, uint64_t len);
int pt_protect(struct pt *pt, uint64_t va, uint64_t len, unsigned prot);

// Frees tables that PT_F_KEEP has kept; sets flush_all. Gives their number or a negative errno.
int pt_trim(struct pt *pt);

// For the loader: an empty top table; mappings for the nucleus itself (supervisor).
int pt_init(struct pt *pt);
int pt_map_nucleus(struct pt *pt, uint64_t va, uint64_t pa, uint64_t len, unsigned prot);

// What va is mapped to: the leaf entry and the size of its page, or 0. For tests and the monitor's
// messages.
uint64_t pt_lookup(const struct pt *pt, uint64_t va, uint64_t *size);

#endif
