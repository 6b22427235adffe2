// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The outer file of a packed image is the least ELF file that can carry a note: header, one program
// header, the note, the bytes.
#include <elf.h>
#include <lz4hc.h>
#include <stdlib.h>
#include <string.h>

#include <pith/image.h>
#include <image/pack.h>
#include <monitor/branches.h>
#include <monitor/image.h>

struct outer {
	Elf64_Ehdr eh;
	Elf64_Phdr ph;
	Elf64_Nhdr nhdr;
	char name[12]; // "Pith", padded so that the header is aligned to 8
	struct packed_header header;
};
_Static_assert(offsetof(struct outer, header) % 8 == 0 && sizeof(struct outer) == 200,
	       "nothing is padded by the compiler");

static void fill(struct outer *o, size_t packed, size_t unpacked)
{
	memset(o, 0, sizeof(*o));
	memcpy(o->eh.e_ident, ELFMAG, SELFMAG);
	o->eh.e_ident[EI_CLASS] = ELFCLASS64;
	o->eh.e_ident[EI_DATA] = ELFDATA2LSB;
	o->eh.e_ident[EI_VERSION] = EV_CURRENT;
	o->eh.e_type = ET_DYN;
	o->eh.e_machine = EM_X86_64;
	o->eh.e_version = EV_CURRENT;
	o->eh.e_phoff = offsetof(struct outer, ph);
	o->eh.e_ehsize = sizeof(o->eh);
	o->eh.e_phentsize = sizeof(o->ph);
	o->eh.e_phnum = 1;
	o->ph = (Elf64_Phdr){ .p_type = PT_NOTE,
			      .p_flags = PF_R,
			      .p_offset = offsetof(struct outer, nhdr),
			      .p_filesz = sizeof(*o) - offsetof(struct outer, nhdr),
			      .p_align = 8 };
	o->nhdr = (Elf64_Nhdr){ sizeof(PITH_NOTE_NAME), sizeof(o->header), PITH_NOTE_PACKED };
	memcpy(o->name, PITH_NOTE_NAME, sizeof(PITH_NOTE_NAME));
	o->header = (struct packed_header){ .version = IMAGE_PACKED_VERSION,
					    .method = IMAGE_PACKED_LZ4,
					    .file_len = sizeof(*o) + packed,
					    .off = sizeof(*o),
					    .len = packed,
					    .unpacked_len = unpacked };
}

uint8_t *pack_image(const uint8_t *image, size_t len, size_t *packed_len)
{
	size_t room = (size_t)LZ4_compressBound((int)len);
	uint8_t *out = malloc(sizeof(struct outer) + room), *copy = malloc(len);
	struct outer o;
	int n = 0;

	if (out && copy) {
		memcpy(copy, image, len);
		branches_to_addresses(copy, len);
		n = LZ4_compress_HC((const char *)copy, (char *)out + sizeof(o), (int)len, (int)room,
				    LZ4HC_CLEVEL_MAX);
	}
	free(copy);
	if (n <= 0 || sizeof(o) + (size_t)n >= len) {
		free(out);
		return NULL;
	}
	*packed_len = sizeof(o) + (size_t)n;
	fill(&o, (size_t)n, len);
	memcpy(out, &o, sizeof(o));
	image_sum(out, *packed_len, offsetof(struct outer, header.sum), o.header.sum);
	memcpy(out, &o, sizeof(o));
	return out;
}
