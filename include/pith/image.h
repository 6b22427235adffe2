// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The image format: what `pith build` writes and a loader reads. docs/image-format.md tells it in
// prose.
//
// An image is an ELF64 file. One PT_NOTE (name "Pith", type PITH_NOTE_IMAGE) holds struct
// image_header, which says where everything is; a loader needs nothing else of the ELF. Offsets are
// from the start of the file, in bytes. Parts that are mapped in place begin on a page. All
// integers are little-endian.
#ifndef PITH_IMAGE_H
#define PITH_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#define PITH_NOTE_NAME "Pith"
#define PITH_NOTE_IMAGE 0x50544831 /* "1HTP" */
#define IMAGE_VERSION 4
#define IMAGE_PAGE 4096
#define IMAGE_MAX_PARTS 9

// The parts of an image, in the order of the table. A part that an image does not have has length
// 0.
enum image_part_kind {
	IMAGE_PART_NUCLEUS,  // flat position-independent code, entered at its first byte
			     // (nucleus/entry.S)
	IMAGE_PART_TEXT,     // library OS: executable, mapped in place
	IMAGE_PART_RODATA,   // library OS: constants without relocations, mapped in place
	IMAGE_PART_DATA,     // library OS: copied to RAM and relocated; mem_len covers .bss
	IMAGE_PART_RELOCS,   // struct image_reloc[]: words of DATA to which the kernel's base is
			     // added
	IMAGE_PART_MANIFEST, // struct manifest
	IMAGE_PART_SYMBOLS,  // names of the library OS for backtraces: struct image_symbols
	IMAGE_PART_ROOT,     // the root file system: EROFS, mapped in place
	IMAGE_PART_START,    // start-up code for pc: flat, entered at its first byte
			     // (platform/pc/start)
};

struct image_part {
	uint64_t off;     // in the file
	uint64_t len;     // in the file
	uint64_t va; // TEXT, RODATA, DATA: offset from the kernel's base address, page-aligned;
		     // else 0
	uint64_t mem_len; // in memory, >= len
};
_Static_assert(sizeof(struct image_part) == 32, "image_part is part of the format");

// One word of the DATA part, as an offset from the kernel's base: *(uint64_t *)(base + va) += base.
struct image_reloc {
	uint32_t va;
};

// Names of the library OS's functions, ascending: the struct, `count` distances from each function
// to the next (the last one's is to the end of the text), and behind them `count` NUL-terminated
// names. A function of 64 KiB or more stands there in parts of one name.
struct image_symbols {
	uint32_t count;
	uint32_t first;  // of the first function, from the kernel's base
	uint16_t step[]; // bytes
};

struct image_header {
	uint32_t version;   // IMAGE_VERSION
	uint32_t flags;     // IMAGE_F_*
	uint64_t file_len;  // length of the whole file
	uint64_t sum[2];    // XXH3 128 (low, high) of the whole file with this field as zeros
	uint64_t entry; // offset of the library OS's first instruction (kernel_entry) from its base
	uint64_t syscall_entry; // and of where the program's system calls arrive (core/entry.S)
	uint64_t trap_entry;    // and of where faults and interrupts arrive
	struct image_part part[IMAGE_MAX_PARTS];
};
_Static_assert(sizeof(struct image_header) == 56 + 32 * IMAGE_MAX_PARTS,
	       "image_header is part of the format");

// A packed image: an ELF file whose PT_NOTE (type PITH_NOTE_PACKED) holds this, and an image as
// above compressed behind it. It is unpacked to memory when it is opened. Small images are packed,
// because there the file is what counts; large ones are mapped in place, so that all instances
// share their pages and nothing is read that is not used.
#define PITH_NOTE_PACKED 0x50544832
#define IMAGE_PACKED_VERSION 4
// One deflate stream (RFC 1951), of the image with addresses for distances in its code
// (monitor/branches.h).
#define IMAGE_PACKED_DEFLATE 3
#define IMAGE_PACKED_MAX (16ul << 20) // what an unpacked image may have at most
struct packed_header {
	uint32_t version;      // IMAGE_PACKED_VERSION
	uint32_t method;       // IMAGE_PACKED_LZ4
	uint64_t file_len;     // length of this file
	uint64_t sum[2];       // XXH3 128 of this file with this field as zeros
	uint64_t off, len;     // of the compressed bytes in this file
	uint64_t unpacked_len; // of the image
};
_Static_assert(sizeof(struct packed_header) == 56, "packed_header is part of the format");

#define IMAGE_F_WX 0x1      // the program may have memory that is writable and executable (a JIT)
#define IMAGE_F_KVM 0x2     // which platforms the library OS in it can stand on
#define IMAGE_F_PROCESS 0x4
#define IMAGE_F_NET 0x8     // has a network
#define IMAGE_F_VOLUMES 0x10 // can have volumes
#define IMAGE_F_DISKS 0x40   // and mount those that are disks
#define IMAGE_F_PC 0x20 // boots on a PC's virtual hardware

// The manifest: what to run and with what. Strings are offsets from the start of the manifest to
// NUL-terminated text; string lists are `count` strings one behind the other.
struct manifest_list {
	uint32_t off;
	uint32_t count;
};

enum manifest_net {
	MANIFEST_NET_NONE,
	MANIFEST_NET_USER,
	MANIFEST_NET_TAP,   // net_name: of the interface
	MANIFEST_NET_NAMED, // net_name: of the network
};

struct manifest_port {
	uint16_t host;  // 0: only documented (exposed), not published
	uint16_t guest;
	uint8_t udp;    // 1 for UDP, 0 for TCP
	uint8_t pad[3];
};

struct manifest {
	uint32_t len;              // of the manifest, strings included
	uint32_t program;          // string: path of the program in the root
	uint32_t cwd;              // string
	uint32_t name;             // string: name of the image
	struct manifest_list args; // argv, argv[0] first
	struct manifest_list env;  // NAME=value
	struct manifest_list calls; // names of the system calls that were linked
	uint64_t memory;           // default for --memory, bytes
	uint32_t net;              // enum manifest_net: the default
	uint32_t net_name;         // string: tap's name, or 0
	uint32_t ports;            // offset of struct manifest_port[]
	uint32_t port_count;
	uint64_t program_len;      // for `pith inspect`: bytes of the program itself in the root
	uint32_t args_kept;        // how many of args stay when others are given: argv[0], a script
	uint32_t stop_signal;      // what `pith stop` sends; 0: SIGTERM
	uint32_t uid, gid;         // of the program
};
_Static_assert(sizeof(struct manifest) == 88, "manifest is part of the format");

#endif
