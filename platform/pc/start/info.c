// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the boot loader tells: memory, command line, where ACPI's tables begin. By PVH (struct
// hvm_start_info of xen/include/public/arch-x86/hvm/start_info.h) or Multiboot2 (Multiboot2
// Specification version 2.0, 3.6).
#include <platform/pc/start/start.h>

#define MEMORY_RAM 1 // E820's type; also that of PVH and Multiboot2

struct pvh_info {
	uint32_t magic, version, flags, modules;
	uint64_t module_list, cmdline, rsdp;
	uint64_t memory_map; // from version 1 on
	uint32_t memory_count, pad;
};
_Static_assert(sizeof(struct pvh_info) == 56, "hvm_start_info, version 1");

struct pvh_memory {
	uint64_t addr, size;
	uint32_t type, pad;
};
_Static_assert(sizeof(struct pvh_memory) == 24, "hvm_memmap_table_entry");

enum mb2_tag_type {
	MB2_END = 0,
	MB2_CMDLINE = 1,
	MB2_MEMORY = 6,
	MB2_RSDP_OLD = 14,
	MB2_RSDP = 15,
};

struct mb2_tag {
	uint32_t type, size;
};

struct mb2_memory {
	struct mb2_tag tag;
	uint32_t entry_size, entry_version;
	struct {
		uint64_t addr, size;
		uint32_t type, pad;
	} entry[];
};

static void add_ram(struct machine *m, uint64_t start, uint64_t size)
{
	if (m->ram_count < RANGES_MAX && start + size > start)
		m->ram[m->ram_count++] = (struct range){ start, start + size };
}

static void read_pvh(struct start *s, const struct pvh_info *info)
{
	const struct pvh_memory *map = (const void *)info->memory_map;

	if (info->magic != PVH_MAGIC)
		start_fail(s, "started by neither PVH nor Multiboot2", "");
	if (info->version < 1)
		start_fail(s, "the boot loader tells no memory map (PVH version 0)", "");
	start_reach(s, info->memory_map, (uint64_t)info->memory_count * sizeof(*map));
	for (uint32_t i = 0; i < info->memory_count; i++)
		if (map[i].type == MEMORY_RAM)
			add_ram(&s->machine, map[i].addr, map[i].size);
	s->machine.rsdp = info->rsdp;
	words_read(s, info->cmdline ? (const char *)info->cmdline : "");
}

static void read_mb2_memory(struct start *s, const struct mb2_memory *m)
{
	const uint8_t *end = (const uint8_t *)m + m->tag.size;
	const uint8_t *at = (const uint8_t *)m->entry;

	for (; m->entry_size && at + m->entry_size <= end; at += m->entry_size) {
		const struct pvh_memory *e = (const void *)at;

		if (e->type == MEMORY_RAM)
			add_ram(&s->machine, e->addr, e->size);
	}
}

static void read_mb2(struct start *s, const uint8_t *info)
{
	const uint8_t *end = info + *(const uint32_t *)info;
	const struct mb2_tag *tag = (const void *)(info + 8);
	const char *cmdline = "";

	for (; (const uint8_t *)tag + sizeof(*tag) <= end && tag->type != MB2_END && tag->size;
	     tag = (const void *)((const uint8_t *)tag + ((tag->size + 7) & ~7u))) {
		if (tag->type == MB2_CMDLINE)
			cmdline = (const char *)(tag + 1);
		else if (tag->type == MB2_MEMORY)
			read_mb2_memory(s, (const void *)tag);
		else if (tag->type == MB2_RSDP || (tag->type == MB2_RSDP_OLD && !s->machine.rsdp))
			s->machine.rsdp = (uint64_t)(tag + 1);
	}
	words_read(s, cmdline);
}

void info_read(struct start *s)
{
	if (s->boot->magic == MB2_LOADER_MAGIC)
		read_mb2(s, (const uint8_t *)s->boot->info);
	else
		read_pvh(s, (const struct pvh_info *)s->boot->info);
}
