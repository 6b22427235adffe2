// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The first code of an image on a PC (platform/pc/stage1): flat, position-independent, and
// uncompressed in the image file. `pith build` puts it into the file and fills in its first bytes,
// struct stage1_head.
//
// The whole file is one PT_LOAD segment, at STAGE1_FILE_PA unless the boot loader chooses another
// place (Multiboot2 may), with room behind it: the workspace, then the unpacked image.
#ifndef PITH_STAGE1_H
#define PITH_STAGE1_H

// Entered here by PVH and by Multiboot2, in 32-bit protected mode without paging.
#define STAGE1_ENTRY 0x40

#define STAGE1_FILE_PA 0x200000
#define STAGE1_ALIGN 0x200000 /* of the file's place */

// Start-up code runs at CPL 3, with all I/O ports. `ud2` with this in eax calls the function at rdi
// at CPL 0, with rsi and rdx for arguments; its result is in rax.
#define STAGE1_CALL 0x50697468

// The workspace: page tables that map the first 4 GiB to themselves, what CPL 0 needs, a stack, spare
// pages.
#define STAGE1_TABLES 0x6000
#define STAGE1_STACK_TOP 0x11000
#define STAGE1_WORKSPACE 0x17000

// Multiboot2 (Multiboot2 Specification version 2.0, 3.1): its header is among the file's first
// bytes, 8-byte aligned.
#define MB2_HEADER_MAGIC 0xe85250d6
#define MB2_LOADER_MAGIC 0x36d76289 /* in eax */

// Xen's PVH boot protocol (xen/include/public/elfnote.h, xen/include/public/arch-x86/hvm/start_info.h).
#define PVH_NOTE_NAME "Xen"
#define PVH_NOTE_PHYS32_ENTRY 18
#define PVH_MAGIC 0x336ec578

#define UART_COM1 0x3f8

#ifndef __ASSEMBLER__
#include <stddef.h>
#include <stdint.h>

struct mb2_header {
	uint32_t magic, architecture, len, checksum; // architecture 0: i386, protected mode
	struct {
		uint16_t type, flags; // 10: relocatable
		uint32_t size, min, max, align, preference; // 1: as low as can be
	} relocatable;
	struct {
		uint16_t type, flags;
		uint32_t size;
	} end;
};
_Static_assert(sizeof(struct mb2_header) == 48, "Multiboot2 3.1");

struct stage1_head {
	// For the builder to fill in. Offsets are from the start of the file.
	uint32_t self;        // of this structure
	uint32_t workspace;   // behind the file, on a page
	uint32_t packed, packed_len, unpacked_len; // unpacked_len 0: it is not packed
	uint32_t header;      // struct image_header, from the start of the (unpacked) image
	uint32_t file_len;
	uint32_t pad[9];
};
_Static_assert(sizeof(struct stage1_head) == STAGE1_ENTRY, "head.S knows this");
_Static_assert(offsetof(struct stage1_head, unpacked_len) == 16, "head.S knows this");

// What the first code hands to the start-up code (IMAGE_PART_START, entered at its first byte with
// the address of this in rdi, long mode, memory below 4 GiB mapped to itself).
struct stage1_boot {
	uint64_t magic, info;  // eax and ebx as they were
	uint64_t file, file_len; // where the file is
	uint64_t image;        // where the (unpacked) image is
	uint64_t header;       // of its struct image_header
	uint64_t end;          // of everything
	uint64_t tables;       // the page tables: one PML4, one PDPT, four page directories
};
#endif

#endif
