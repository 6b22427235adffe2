// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the boot loader tells: memory, command line, where ACPI's tables begin. By PVH (struct
// hvm_start_info of xen/include/public/arch-x86/hvm/start_info.h) or Multiboot2 (Multiboot2
// Specification version 2.0, 3.6).
#include <platform/pc/start/start.h>

#define TELLS_MAX (1u << 20) // bytes that a boot loader tells
#define MEMORY_RAM 1 // E820's type; also that of PVH and Multiboot2

struct pvh_info {
	uint32_t magic, version, flags, modules;
	uint64_t module_list, cmdline, rsdp;
	uint64_t memory_map; // from version 1 on
	uint32_t memory_count, pad;
} __attribute__((packed)); // this and the others: at any address
_Static_assert(sizeof(struct pvh_info) == 56, "hvm_start_info, version 1");

struct pvh_memory {
	uint64_t addr, size;
	uint32_t type, pad;
} __attribute__((packed));
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
} __attribute__((packed));

struct mb2_memory {
	struct mb2_tag tag;
	uint32_t entry_size, entry_version;
	struct pvh_memory entry[]; // its layout, at least that long
} __attribute__((packed));

static const char too_much[] = "the boot loader tells more than 1 MiB";

static void add_ram(struct machine *m, uint64_t start, uint64_t size)
{
	if (m->ram_count < RANGES_MAX && start + size > start)
		m->ram[m->ram_count++] = (struct range){ start, start + size };
}

static void read_pvh(struct start *s, const struct pvh_info *info)
{
	const struct pvh_memory *map;

	start_reach(s, (uint64_t)info, sizeof(*info));
	if (info->magic != PVH_MAGIC)
		start_fail(s, "started by neither PVH nor Multiboot2", "");
	if (info->version < 1)
		start_fail(s, "the boot loader tells no memory map (PVH version 0)", "");
	if (info->memory_count > TELLS_MAX / sizeof(*map))
		start_fail(s, too_much, "");
	start_reach(s, info->memory_map, info->memory_count * sizeof(*map));
	map = (const void *)info->memory_map;
	for (uint32_t i = 0; i < info->memory_count; i++)
		if (map[i].type == MEMORY_RAM)
			add_ram(&s->machine, map[i].addr, map[i].size);
	s->machine.rsdp = info->rsdp;
	if (info->cmdline)
		start_reach(s, info->cmdline, CMDLINE_MAX);
	words_read(s, (const char *)info->cmdline, info->cmdline ? CMDLINE_MAX : 0);
}

static void read_mb2_memory(struct start *s, const struct mb2_memory *m)
{
	const uint8_t *end = (const uint8_t *)m + m->tag.size;
	const uint8_t *at = (const uint8_t *)m->entry;

	if (m->entry_size < sizeof(struct pvh_memory))
		return;
	for (; m->entry_size <= (size_t)(end - at); at += m->entry_size) {
		const struct pvh_memory *e = (const void *)at;

		if (e->type == MEMORY_RAM)
			add_ram(&s->machine, e->addr, e->size);
	}
}

static void read_mb2(struct start *s, const uint8_t *info)
{
	const char *cmdline = "";
	uint32_t len, size, cmdline_len = 0;

	start_reach(s, (uint64_t)info, sizeof(struct mb2_tag));
	len = ((const struct mb2_tag *)info)->type; // of everything
	if (len > TELLS_MAX)
		start_fail(s, too_much, "");
	start_reach(s, (uint64_t)info, len);
	for (uint32_t at = 8; at + sizeof(struct mb2_tag) <= len; at += (size + 7) & ~7u) {
		const struct mb2_tag *tag = (const void *)(info + at);

		size = tag->size;
		if (tag->type == MB2_END || size < sizeof(*tag) || size > len - at)
			break;
		if (tag->type == MB2_CMDLINE) {
			cmdline = (const char *)(tag + 1);
			cmdline_len = size - (uint32_t)sizeof(*tag);
		} else if (tag->type == MB2_MEMORY && size >= sizeof(struct mb2_memory)) {
			read_mb2_memory(s, (const void *)tag);
		} else if (tag->type == MB2_RSDP ||
			   (tag->type == MB2_RSDP_OLD && !s->machine.rsdp)) {
			s->machine.rsdp = (uint64_t)(tag + 1);
		}
	}
	words_read(s, cmdline, cmdline_len);
}

void info_read(struct start *s)
{
	if (s->boot->magic == MB2_LOADER_MAGIC)
		read_mb2(s, (const uint8_t *)s->boot->info);
	else
		read_pvh(s, (const struct pvh_info *)s->boot->info);
}
