// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <elf.h>
#include <string.h>

#include <monitor/image.h>
#include <tests/unit/monitor/sample_image.h>

#define NOTE_OFF 128 // behind ELF header and one program header
#define HEADER_OFF (NOTE_OFF + 24)
#define MANIFEST_OFF 1024
#define RELOCS_OFF 2048
#define SYMBOLS_OFF 2064
#define DATA_OFF 3072

static uint32_t add_string(struct sample *s, uint32_t *at, const char *text)
{
	uint32_t off = *at;

	strcpy((char *)s->manifest + off, text);
	*at += (uint32_t)strlen(text) + 1;
	return off;
}

static void make_manifest(struct sample *s)
{
	struct manifest *m = s->manifest = (void *)(s->bytes + MANIFEST_OFF);
	uint32_t at = sizeof(*m);
	struct manifest_port *port = (void *)((uint8_t *)m + at);

	m->ports = at;
	m->port_count = 1;
	*port = (struct manifest_port){ .host = 8080, .guest = 80 };
	at += sizeof(*port);
	m->program = add_string(s, &at, "/prog");
	m->cwd = add_string(s, &at, "/");
	m->name = add_string(s, &at, "sample");
	m->args = (struct manifest_list){ .off = at, .count = 2 };
	add_string(s, &at, "prog");
	add_string(s, &at, "arg");
	m->args_kept = 1;
	m->env = (struct manifest_list){ .off = at, .count = 2 };
	add_string(s, &at, "A=one");
	add_string(s, &at, "B=two");
	m->calls = (struct manifest_list){ .off = at, .count = 1 };
	add_string(s, &at, "read");
	m->net = MANIFEST_NET_USER;
	m->len = at;
}

static void make_parts(struct sample *s)
{
	struct image_reloc reloc = { .va = 0x3000 + SAMPLE_RELOC_WORD };
	uint64_t value = SAMPLE_RELOC_VALUE;
	uint32_t magic = 0xE0F5E1E2u;
	struct image_part *p = s->header->part;

	p[IMAGE_PART_MANIFEST] =
		(struct image_part){ .off = MANIFEST_OFF, .len = s->manifest->len };
	p[IMAGE_PART_RELOCS] = (struct image_part){ .off = RELOCS_OFF, .len = sizeof(reloc) };
	p[IMAGE_PART_SYMBOLS] = (struct image_part){ .off = SYMBOLS_OFF, .len = 16 };
	p[IMAGE_PART_DATA] =
		(struct image_part){ .off = DATA_OFF, .len = 256, .va = 0x3000, .mem_len = 0x1100 };
	p[IMAGE_PART_TEXT] =
		(struct image_part){ .off = 0x1000, .len = 0x1800, .va = 0, .mem_len = 0x1800 };
	p[IMAGE_PART_RODATA] =
		(struct image_part){ .off = 0x3000, .len = 0x100, .va = 0x2000, .mem_len = 0x100 };
	p[IMAGE_PART_ROOT] = (struct image_part){ .off = 0x4000, .len = 0x2000 };
	memcpy(s->bytes + RELOCS_OFF, &reloc, sizeof(reloc));
	memcpy(s->bytes + DATA_OFF + SAMPLE_RELOC_WORD, &value, sizeof(value));
	memcpy(s->bytes + 0x4000 + 1024, &magic, sizeof(magic));
	memset(s->bytes + 0x1000, 0xcc, 0x1800);
}

void sample_seal(struct sample *s)
{
	image_sum(s->bytes, SAMPLE_LEN, HEADER_OFF + offsetof(struct image_header, sum),
		  s->header->sum);
}

void sample_make(struct sample *s)
{
	Elf64_Ehdr eh = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
			  .e_type = ET_DYN,
			  .e_machine = EM_X86_64,
			  .e_version = EV_CURRENT,
			  .e_phoff = sizeof(eh),
			  .e_ehsize = sizeof(eh),
			  .e_phentsize = sizeof(Elf64_Phdr),
			  .e_phnum = 1 };
	Elf64_Phdr ph = { .p_type = PT_NOTE,
			  .p_flags = PF_R,
			  .p_offset = NOTE_OFF,
			  .p_filesz = 24 + sizeof(struct image_header),
			  .p_align = 8 };
	Elf64_Nhdr note = { .n_namesz = 5,
			    .n_descsz = sizeof(struct image_header),
			    .n_type = PITH_NOTE_IMAGE };

	memset(s, 0, sizeof(*s));
	memcpy(s->bytes, &eh, sizeof(eh));
	memcpy(s->bytes + sizeof(eh), &ph, sizeof(ph));
	memcpy(s->bytes + NOTE_OFF, &note, sizeof(note));
	memcpy(s->bytes + NOTE_OFF + sizeof(note), PITH_NOTE_NAME, sizeof(PITH_NOTE_NAME));
	s->header = (void *)(s->bytes + HEADER_OFF);
	s->header->version = IMAGE_VERSION;
	s->header->flags = IMAGE_F_PROCESS | IMAGE_F_NET;
	s->header->file_len = SAMPLE_LEN;
	s->header->entry = 0x10;
	s->header->syscall_entry = 0x20;
	s->header->trap_entry = 0x17ff;
	make_manifest(s);
	make_parts(s);
	sample_seal(s);
}
