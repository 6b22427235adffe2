// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A program file as the builder reads it: an x86-64 Linux ELF, mapped, with everything checked that
// later steps rely on.
#ifndef IMAGE_PROGRAM_H
#define IMAGE_PROGRAM_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <host/failure.h>

struct program {
	char path[4096];
	const uint8_t *map;
	size_t len;
	unsigned mode;            // permission bits
	const Elf64_Ehdr *eh;
	const Elf64_Phdr *ph;     // eh->e_phnum of them, inside the map
	const Elf64_Shdr *sh;     // NULL: no (usable) section headers
	size_t sh_count;
	const Elf64_Sym *symbols; // NULL: stripped
	size_t symbol_count;
	const char *names;        // string table of the symbols
	size_t names_len;
	const char *interpreter;  // NULL: static
	bool pie;
};

// Opens and checks. 0, or a negative errno with *why: not there, not an ELF, wrong machine,
// truncated, lying headers.
int program_open(struct program *p, const char *path, struct failure *why);
void program_close(struct program *p);

// Checks bytes that are already in memory, as program_open() does (for the fuzzer).
int program_check(struct program *p, const uint8_t *map, size_t len, struct failure *why);

// Was it made by the Go toolchain? Then it has its note (cmd/internal/buildid: ELF note "Go", 4).
bool program_is_go(const struct program *p);

// The name of a symbol, or "" if its offset is out of the table.
const char *program_symbol_name(const struct program *p, const Elf64_Sym *s);

#endif
