// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "elf.h"

static size_t put(struct elf *e, const char *name)
{
	size_t at = e->names_len;

	if (at + strlen(name) + 1 > ELF_NAMES)
		abort();
	strcpy(e->names + at, name);
	e->names_len += strlen(name) + 1;
	return at;
}

void elf_start(struct elf *e, const char *interpreter)
{
	memset(e, 0, sizeof(*e));
	memcpy(e->eh.e_ident, ELFMAG, SELFMAG);
	e->eh.e_ident[EI_CLASS] = ELFCLASS64;
	e->eh.e_ident[EI_DATA] = ELFDATA2LSB;
	e->eh.e_type = ET_DYN;
	e->eh.e_machine = EM_X86_64;
	e->eh.e_phoff = offsetof(struct elf, ph);
	e->eh.e_phentsize = sizeof(Elf64_Phdr);
	e->eh.e_phnum = interpreter ? 3 : 2;
	e->names_len = 1;
	e->ph[0] = (Elf64_Phdr){ .p_type = PT_LOAD, .p_flags = PF_R, .p_vaddr = ELF_VA, .p_filesz = ELF_LEN, .p_memsz = ELF_LEN };
	e->ph[1] = (Elf64_Phdr){ .p_type = PT_DYNAMIC, .p_offset = offsetof(struct elf, dyn), .p_filesz = sizeof(e->dyn) };
	if (interpreter)
		e->ph[2] = (Elf64_Phdr){ .p_type = PT_INTERP,
					 .p_offset = offsetof(struct elf, names) + put(e, interpreter),
					 .p_filesz = strlen(interpreter) + 1 };
}

void elf_tag(struct elf *e, int64_t tag, uint64_t value)
{
	if (e->dyn_count == ELF_DYN)
		abort();
	e->dyn[e->dyn_count++] = (Elf64_Dyn){ tag, { value } };
}

void elf_name(struct elf *e, int64_t tag, const char *name)
{
	elf_tag(e, tag, put(e, name));
}

void elf_end(struct elf *e)
{
	elf_tag(e, DT_STRTAB, ELF_VA + offsetof(struct elf, names));
	elf_tag(e, DT_STRSZ, ELF_NAMES);
}

void elf_write(const struct elf *e, const char *path)
{
	char dir[4096];
	FILE *f;

	snprintf(dir, sizeof(dir), "%s", path);
	for (char *p = dir + 1; (p = strchr(p, '/')); *p++ = '/') {
		*p = 0;
		mkdir(dir, 0755);
	}
	f = fopen(path, "w");
	if (!f || fwrite(e, ELF_LEN, 1, f) != 1 || fclose(f))
		abort();
}
