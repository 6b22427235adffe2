// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The first bytes of an image file: ELF headers, the note that finds the image, and, for pc, what
// boot loaders look for: the note of PVH, the header of Multiboot2, and one segment that is the
// whole file.
#ifndef IMAGE_ELF_HEAD_H
#define IMAGE_ELF_HEAD_H

#include <elf.h>
#include <stddef.h>
#include <stdint.h>

#include <pith/stage1.h>

struct elf_head {
	Elf64_Ehdr eh;
	Elf64_Phdr ph[3]; // our note; the file, PVH's note
	struct mb2_header multiboot2;
	Elf64_Nhdr pvh;
	char pvh_name[4];
	uint32_t pvh_entry, pad;
	Elf64_Nhdr note;
	char note_name[12]; // "Pith", padded so that what follows is aligned to 8 (System V ABI,
			    // chapter 5: note section)
};
_Static_assert(sizeof(struct elf_head) == 328, "nothing is padded by the compiler");

// What is behind the head: desc_len bytes that belong to the note of this type.
void elf_head_fill(struct elf_head *h, uint32_t note_type, size_t desc_len);

// Where stage one is and where the image is packed.
struct pc_boot {
	uint64_t file_len, stage1;                 // offset of its code in the file
	uint64_t packed, packed_len, unpacked_len; // unpacked_len 0: not packed
	uint64_t header;                           // of struct image_header in the image
};
// Makes the file bootable on PCs: fills in what boot loaders look for, and the first bytes of stage
// one's code. -EFBIG: PCs load files below 4 GiB only.
int elf_head_boot(struct elf_head *h, struct stage1_head *stage1, const struct pc_boot *b);

#endif
