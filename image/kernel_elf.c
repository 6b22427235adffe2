// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Reads the linked library OS. The file comes from ld a moment ago, so only what would make a wrong
// image is checked.
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <image/kernel_elf.h>

#include <image/program.h>

#define SYSCALL_LEFT_OUT 1 // kernel/linux/syscall.h; like 0 it is no address

struct reader {
	struct program elf;
	const char *section_names;
	uint64_t table, table_end; // syscall_table: words of addresses without relocations
};

static const Elf64_Shdr *section(const struct reader *r, const char *name)
{
	for (size_t i = 0; i < r->elf.sh_count; i++)
		if (!strcmp(r->section_names + r->elf.sh[i].sh_name, name))
			return &r->elf.sh[i];
	return NULL;
}

static int take_segment(const struct reader *r, const char *name, struct kernel_segment *out)
{
	const Elf64_Shdr *s = section(r, name);

	if (!s || !s->sh_size)
		return 0;
	out->va = s->sh_addr;
	out->len = out->mem_len = s->sh_size;
	out->bytes = malloc(s->sh_size);
	if (!out->bytes)
		return -ENOMEM;
	memcpy(out->bytes, r->elf.map + s->sh_offset, s->sh_size);
	return 0;
}

static uint64_t symbol(const struct reader *r, const char *name)
{
	for (size_t i = 0; i < r->elf.symbol_count; i++)
		if (!strcmp(program_symbol_name(&r->elf, &r->elf.symbols[i]), name))
			return r->elf.symbols[i].st_value;
	return 0;
}

static int add_reloc(struct kernel *k, uint64_t va, uint64_t value)
{
	if (va < k->data.va || va + 8 > k->data.va + k->data.len)
		return -EINVAL;
	memcpy(k->data.bytes + (va - k->data.va), &value, sizeof(value));
	k->relocs[k->reloc_count++].va = (uint32_t)va;
	return 0;
}

static int by_va(const void *a, const void *b)
{
	const struct image_reloc *x = a, *y = b;

	return (x->va > y->va) - (x->va < y->va);
}

static int take_relocs(const struct reader *r, struct kernel *k, struct failure *why)
{
	const Elf64_Shdr *s = section(r, ".rela.dyn");
	const Elf64_Rela *rela = s ? (const Elf64_Rela *)(r->elf.map + s->sh_offset) : NULL;
	size_t count = s ? s->sh_size / sizeof(*rela) : 0;

	k->relocs = malloc((count + (r->table_end - r->table) / 8 + 1) * sizeof(*k->relocs));
	if (!k->relocs)
		return failure_errno(why, -ENOMEM, "relocations");
	for (size_t i = 0; i < count; i++) {
		unsigned type = ELF64_R_TYPE(rela[i].r_info);

		if (type == R_X86_64_NONE)
			continue;
		if (type != R_X86_64_RELATIVE ||
		    add_reloc(k, rela[i].r_offset, (uint64_t)rela[i].r_addend))
			return failure_set(why, -EINVAL,
					   "the library OS has a relocation of type %u at %#llx "
					   "that cannot be kept",
					   type, (unsigned long long)rela[i].r_offset);
	}
	for (uint64_t at = r->table; at < r->table_end; at += 8) {
		uint64_t value;

		memcpy(&value, k->data.bytes + (at - k->data.va), sizeof(value));
		if (value > SYSCALL_LEFT_OUT)
			add_reloc(k, at, value);
	}
	qsort(k->relocs, k->reloc_count, sizeof(*k->relocs), by_va);
	return 0;
}

static int symbol_order(const void *a, const void *b)
{
	const Elf64_Sym *x = *(const Elf64_Sym *const *)a, *y = *(const Elf64_Sym *const *)b;

	return (x->st_value > y->st_value) - (x->st_value < y->st_value);
}

static const Elf64_Sym **text_symbols(const struct reader *r, const struct kernel *k, size_t *count)
{
	const Elf64_Sym **funcs = malloc((r->elf.symbol_count + 1) * sizeof(*funcs));

	*count = 0;
	for (size_t i = 0; i < r->elf.symbol_count && funcs; i++) {
		const Elf64_Sym *y = &r->elf.symbols[i];

		if (ELF64_ST_TYPE(y->st_info) == STT_FUNC && y->st_value >= k->text.va &&
		    y->st_value < k->text.va + k->text.len)
			funcs[(*count)++] = y;
	}
	if (funcs)
		qsort(funcs, *count, sizeof(*funcs), symbol_order);
	return funcs;
}

static int write_symbols(const struct reader *r, struct kernel *k, const Elf64_Sym **funcs,
			 size_t count, FILE *names, FILE *steps)
{
	uint64_t at = count ? funcs[0]->st_value : 0;
	struct image_symbols head = { .first = (uint32_t)at };

	fwrite(&head, sizeof(head), 1, steps);
	for (size_t i = 0; i < count; i++) {
		uint64_t end = i + 1 < count ? funcs[i + 1]->st_value : k->text.va + k->text.len;

		for (; at < end; head.count++) {
			uint16_t step = end - at > UINT16_MAX ? UINT16_MAX : (uint16_t)(end - at);

			fwrite(&step, sizeof(step), 1, steps);
			fputs(program_symbol_name(&r->elf, funcs[i]), names);
			fputc(0, names);
			at += step;
		}
	}
	if (fflush(names) || fflush(steps))
		return -ENOMEM;
	return (int)head.count;
}

static int take_symbols(const struct reader *r, struct kernel *k)
{
	char *names = NULL, *steps = NULL;
	size_t names_len = 0, steps_len = 0, count;
	const Elf64_Sym **funcs = text_symbols(r, k, &count);
	FILE *n = open_memstream(&names, &names_len), *s = open_memstream(&steps, &steps_len);
	int made = funcs && n && s ? write_symbols(r, k, funcs, count, n, s) : -ENOMEM;

	if (n)
		fclose(n);
	if (s)
		fclose(s);
	if (made >= 0) {
		k->symbols_len = steps_len + names_len;
		k->symbols = realloc(steps, k->symbols_len);
		made = k->symbols ? made : -ENOMEM;
	}
	if (made >= 0) {
		((struct image_symbols *)k->symbols)->count = (uint32_t)made;
		memcpy(k->symbols + steps_len, names, names_len);
	} else {
		free(steps);
	}
	free(names);
	free(funcs);
	return made < 0 ? made : 0;
}

static int read_all(struct reader *r, struct kernel *k, bool symbols, struct failure *why)
{
	const Elf64_Shdr *bss;
	int err = take_segment(r, ".text", &k->text);

	if (!err)
		err = take_segment(r, ".rodata", &k->rodata);
	if (!err)
		err = take_segment(r, ".data", &k->data);
	if (err)
		return failure_errno(why, err, "cannot read the library OS");
	bss = section(r, ".bss");
	if (bss && bss->sh_size)
		k->data.mem_len = bss->sh_addr + bss->sh_size - k->data.va;
	k->entry = r->elf.eh->e_entry;
	k->syscall_entry = symbol(r, "syscall_entry");
	k->trap_entry = symbol(r, "trap_entry");
	r->table = symbol(r, "syscall_table");
	r->table_end = symbol(r, "syscall_table_end");
	err = take_relocs(r, k, why);
	if (!err && symbols && take_symbols(r, k))
		err = failure_errno(why, -ENOMEM, "symbols of the library OS");
	return err;
}

int kernel_elf_read(struct kernel *k, const char *path, bool symbols, struct failure *why)
{
	struct reader r = { 0 };
	int err = program_open(&r.elf, path, why);

	if (err)
		return err;
	if (!r.elf.sh || !r.elf.symbols || r.elf.eh->e_shstrndx >= r.elf.sh_count) {
		err = failure_set(why, -EINVAL, "ld made a file without sections: %s", path);
	} else {
		r.section_names =
			(const char *)r.elf.map + r.elf.sh[r.elf.eh->e_shstrndx].sh_offset;
		err = read_all(&r, k, symbols, why);
	}
	program_close(&r.elf);
	return err;
}
