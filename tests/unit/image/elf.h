// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Small dynamic ELF files for tests: headers, a dynamic section, names.
#ifndef TEST_IMAGE_ELF_H
#define TEST_IMAGE_ELF_H

#include <elf.h>
#include <stddef.h>
#include <stdint.h>

#define ELF_DYN 24
#define ELF_NAMES 512

struct elf {
	Elf64_Ehdr eh;
	Elf64_Phdr ph[3]; // loaded, dynamic, interpreter
	Elf64_Dyn dyn[ELF_DYN];
	char names[ELF_NAMES];
	size_t dyn_count, names_len; // while it is made
};

#define ELF_LEN offsetof(struct elf, dyn_count)
#define ELF_VA 0x1000 // address of the start of the file

void elf_start(struct elf *e, const char *interpreter); // NULL: a library
void elf_tag(struct elf *e, int64_t tag, uint64_t value);
void elf_name(struct elf *e, int64_t tag, const char *name);
void elf_end(struct elf *e); // DT_STRTAB, DT_STRSZ, DT_NULL
void elf_write(const struct elf *e, const char *path); // makes the folders too

#endif
