// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Symbols of the library OS: sorted, in the image. See symbol.h; the program's are in symbol_elf.c.
#include <core/symbol.h>
#include <core/symbol_elf.h>
#include <pith/image.h>

static struct {
	uintptr_t base, end;
	const struct image_symbol *symbols;
	uint64_t len;
} kernel;

void symbol_init(const struct boot_block *boot)
{
	kernel.base = boot->kernel_va;
	kernel.end = boot->text_va + boot->text_len;
	kernel.len = boot->symbols_len;
	kernel.symbols = (const struct image_symbol *)(boot->image_va + boot->symbols_off);
}

// The names begin behind the array: the first symbol's name is the first of them.
static size_t kernel_count(void)
{
	return kernel.len < sizeof(struct image_symbol)
		   ? 0
		   : kernel.symbols[0].name / sizeof(struct image_symbol);
}

static bool kernel_find(uintptr_t pc, char *buf, size_t size)
{
	size_t low = 0, high = kernel_count();
	uint32_t off = (uint32_t)(pc - kernel.base);
	const struct image_symbol *s;

	if (high * sizeof(*s) > kernel.len)
		return false;
	while (low < high) {
		size_t mid = (low + high) / 2;

		if (kernel.symbols[mid].va <= off)
			low = mid + 1;
		else
			high = mid;
	}
	if (!low)
		return false;
	s = &kernel.symbols[low - 1];
	if (s->name >= kernel.len)
		return false;
	ksnprintf(buf, size, "pith:%s+0x%x", (const char *)kernel.symbols + s->name, off - s->va);
	return true;
}

bool symbol_find(uintptr_t pc, char *buf, size_t size)
{
	if (pc >= kernel.base && pc < kernel.end)
		return kernel_find(pc, buf, size);
	return symbol_elf_find(pc, buf, size);
}
