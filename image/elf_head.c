// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See elf_head.h. PVH loads segments to p_paddr and enters at the note's address. Multiboot2 finds
// the entry as e_entry, and may load elsewhere: stage one runs anywhere.
#include <errno.h>
#include <string.h>

#include <pith/image.h>
#include <image/elf_head.h>

#define PC_TOP 0xe0000000ull // devices are between here and 4 GiB

void elf_head_fill(struct elf_head *h, uint32_t note_type, size_t desc_len)
{
	memset(h, 0, sizeof(*h));
	memcpy(h->eh.e_ident, ELFMAG, SELFMAG);
	h->eh.e_ident[EI_CLASS] = ELFCLASS64;
	h->eh.e_ident[EI_DATA] = ELFDATA2LSB;
	h->eh.e_ident[EI_VERSION] = EV_CURRENT;
	h->eh.e_type = ET_EXEC;
	h->eh.e_machine = EM_X86_64;
	h->eh.e_version = EV_CURRENT;
	h->eh.e_phoff = offsetof(struct elf_head, ph);
	h->eh.e_ehsize = sizeof(h->eh);
	h->eh.e_phentsize = sizeof(h->ph[0]);
	h->eh.e_phnum = 1;
	h->ph[0] = (Elf64_Phdr){ .p_type = PT_NOTE,
				 .p_flags = PF_R,
				 .p_offset = offsetof(struct elf_head, note),
				 .p_filesz = sizeof(h->note) + sizeof(h->note_name) + desc_len,
				 .p_align = 8 };
	h->note = (Elf64_Nhdr){ sizeof(PITH_NOTE_NAME), (Elf64_Word)desc_len, note_type };
	memcpy(h->note_name, PITH_NOTE_NAME, sizeof(PITH_NOTE_NAME));
}

static void fill_multiboot2(struct mb2_header *m)
{
	*m = (struct mb2_header){ .magic = MB2_HEADER_MAGIC, .len = sizeof(*m) };
	m->checksum = -(m->magic + m->len);
	m->relocatable.type = 10;
	m->relocatable.size = sizeof(m->relocatable);
	m->relocatable.min = STAGE1_FILE_PA;
	m->relocatable.max = (uint32_t)PC_TOP;
	m->relocatable.align = STAGE1_ALIGN;
	m->relocatable.preference = 1;
	m->end.size = sizeof(m->end);
}

int elf_head_boot(struct elf_head *h, struct stage1_head *stage1, const struct pc_boot *b)
{
	uint64_t entry = STAGE1_FILE_PA + b->stage1 + STAGE1_ENTRY;
	uint64_t workspace = (b->file_len + IMAGE_PAGE - 1) & ~(uint64_t)(IMAGE_PAGE - 1);
	uint64_t room = workspace + STAGE1_WORKSPACE + b->unpacked_len + IMAGE_PAGE;

	if (STAGE1_FILE_PA + room > PC_TOP)
		return -EFBIG;
	*stage1 = (struct stage1_head){ .self = (uint32_t)b->stage1,
					.workspace = (uint32_t)workspace,
					.packed = (uint32_t)b->packed,
					.packed_len = (uint32_t)b->packed_len,
					.unpacked_len = (uint32_t)b->unpacked_len,
					.header = (uint32_t)b->header,
					.file_len = (uint32_t)b->file_len };
	h->eh.e_entry = entry;
	h->eh.e_phnum = 3;
	// Of several notes Firecracker and Cloud Hypervisor look at the last one only (linux-loader).
	h->ph[2] = (Elf64_Phdr){ .p_type = PT_NOTE,
				 .p_flags = PF_R,
				 .p_offset = offsetof(struct elf_head, pvh),
				 .p_filesz = offsetof(struct elf_head, pad) -
					     offsetof(struct elf_head, pvh),
				 .p_align = 4 };
	h->ph[1] = (Elf64_Phdr){ .p_type = PT_LOAD,
				 .p_flags = PF_R | PF_W | PF_X,
				 .p_vaddr = STAGE1_FILE_PA,
				 .p_paddr = STAGE1_FILE_PA,
				 .p_filesz = b->file_len,
				 .p_memsz = room,
				 .p_align = STAGE1_ALIGN };
	h->pvh = (Elf64_Nhdr){ sizeof(PVH_NOTE_NAME), sizeof(h->pvh_entry), PVH_NOTE_PHYS32_ENTRY };
	memcpy(h->pvh_name, PVH_NOTE_NAME, sizeof(PVH_NOTE_NAME));
	h->pvh_entry = (uint32_t)entry;
	fill_multiboot2(&h->multiboot2);
	return 0;
}
