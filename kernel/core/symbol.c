// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Symbols of the library OS: sorted, in the image. See symbol.h; the program's are in symbol_elf.c.
#include <core/symbol.h>
#include <core/symbol_elf.h>
#include <pith/image.h>

static struct {
	uintptr_t base, end;
	const struct image_symbols *symbols;
	uint64_t len;
} kernel;

void symbol_init(const struct boot_block *boot)
{
	kernel.base = boot->kernel_va;
	kernel.end = boot->text_va + boot->text_len;
	kernel.len = boot->symbols_len;
	kernel.symbols = (const struct image_symbols *)(boot->image_va + boot->symbols_off);
}

// The names lie behind the steps, in the same order, so the two are walked side by side.
static bool kernel_find(uintptr_t pc, char *buf, size_t size)
{
	const struct image_symbols *s = kernel.symbols;
	uint32_t off = (uint32_t)(pc - kernel.base), at;
	const char *name, *end = (const char *)s + kernel.len;

	if (kernel.len < sizeof(*s) || s->count > (kernel.len - sizeof(*s)) / sizeof(s->step[0]) ||
	    off < s->first)
		return false;
	name = (const char *)&s->step[s->count];
	at = s->first;
	for (uint32_t i = 0; i < s->count && name < end; i++) {
		if (off - at < s->step[i]) {
			ksnprintf(buf, size, "pith:%s+0x%x", name, off - at);
			return true;
		}
		at += s->step[i];
		name += strnlen(name, (size_t)(end - name)) + 1;
	}
	return false;
}

bool symbol_find(uintptr_t pc, char *buf, size_t size)
{
	if (pc >= kernel.base && pc < kernel.end)
		return kernel_find(pc, buf, size);
	return symbol_elf_find(pc, buf, size);
}
