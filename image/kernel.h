// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The library OS of one image: linked by ld from libkernel.a with just the calls that are wanted,
// and read back.
#ifndef IMAGE_KERNEL_H
#define IMAGE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pith/image.h>
#include <host/failure.h>
#include <image/calls.h>
#include <image/spec.h>

struct kernel_segment {
	uint8_t *bytes;
	uint64_t len, va, mem_len;
};

struct kernel {
	struct kernel_segment text, rodata, data;
	uint64_t entry, syscall_entry, trap_entry;
	struct image_reloc *relocs;
	size_t reloc_count;
	uint8_t *symbols; // the part IMAGE_PART_SYMBOLS
	size_t symbols_len;
	size_t call_count;
};

// libdir has libkernel.a and calls.list; work is a folder for temporary files. Calls of the set
// that the library OS does not have are left out; `missing` gets their names. 0 or a negative errno
// with *why.
int kernel_link(struct kernel *k, const struct spec *spec, const struct call_set *calls,
		const char *libdir, const char *work, struct strings *linked,
		struct strings *missing, struct failure *why);
// Can an image with these calls have volumes?
bool kernel_has_volumes(const struct strings *linked);
// And mount those that are disks?
bool kernel_has_disks(const struct strings *linked);
void kernel_free(struct kernel *k);

#endif
