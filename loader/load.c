// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// RAM as it is when the library OS starts, from its first byte:
//
//	data and bss | boot stack | vcpu_area | (volume_request) | boot block, strings, rings |
//	free: zeros | reserve
//
// Where it all appears in the address space is chosen first (loader/places.c).
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include <loader/load.h>
#include <loader/load_priv.h>

#define WORKING_ROOM (256ul << 10) // less than this left for library OS and program makes no sense
#define MIB (1ul << 20)

static uint64_t page_up(uint64_t x)
{
	return load_up(x, PAGE_SIZE);
}

uint64_t load_kernel_len(const struct load_config *cfg)
{
	uint64_t end = 0;

	for (unsigned kind = IMAGE_PART_TEXT; kind <= IMAGE_PART_DATA; kind++) {
		const struct image_part *p = load_part(cfg, kind);

		if (p->va + page_up(p->mem_len) > end)
			end = p->va + page_up(p->mem_len);
	}
	return end;
}

static uint32_t net_ring_size(const struct load_config *cfg)
{
	bool large_frames = cfg->net->flags & (NET_RX_TSO | NET_TX_TSO);

	if (cfg->memory < 4 * MIB)
		return 16 << 10;
	if (cfg->memory < 8 * MIB)
		return 32 << 10;
	return large_frames && cfg->memory >= 16 * MIB ? 256 << 10 : 64 << 10;
}

static void plan_ring(struct ram_plan *p, struct boot_ring *ring, uint32_t size)
{
	ring->va = load_up(p->end, 64);
	ring->size = size;
	p->end = ring->va + ring_bytes(size);
}

// Offsets in RAM. The ring's va is an offset until the addresses are known.
static void plan_ram(const struct load_config *cfg, uint32_t strings_len, struct ram_plan *p)
{
	bool small = cfg->memory < 2 * MIB;

	memset(p, 0, sizeof(*p));
	p->stack = page_up(load_part(cfg, IMAGE_PART_DATA)->mem_len);
	p->area = p->stack + LOAD_STACK;
	p->volume = cfg->volumes ? p->area + PAGE_SIZE : 0;
	p->boot = p->area + (cfg->volumes ? 2 : 1) * PAGE_SIZE;
	p->boot_len = (uint32_t)sizeof(struct boot_block) + strings_len;
	p->end = p->boot + p->boot_len;
	plan_ring(p, &p->con_out, small ? 4 << 10 : 16 << 10);
	plan_ring(p, &p->con_in, 4 << 10);
	if (cfg->net) {
		plan_ring(p, &p->net_rx, net_ring_size(cfg));
		plan_ring(p, &p->net_tx, net_ring_size(cfg));
	}
	p->extra = page_up(p->end);
	p->end = page_up(p->extra + cfg->extra_len);
}

// At any address.
typedef uint64_t any_u64 __attribute__((aligned(1), may_alias));
typedef uint32_t any_u32 __attribute__((aligned(1), may_alias));

static void copy_data(const struct load_config *cfg, uint64_t base)
{
	const struct image_part *data = load_part(cfg, IMAGE_PART_DATA);
	const any_u32 *reloc = (const any_u32 *)load_bytes(cfg, IMAGE_PART_RELOCS);
	size_t count = load_part(cfg, IMAGE_PART_RELOCS)->len / sizeof(*reloc);

	_Static_assert(sizeof(struct image_reloc) == sizeof(*reloc), "nothing but the address");

	memcpy(cfg->ram, load_bytes(cfg, IMAGE_PART_DATA), data->len);
	for (size_t i = 0; i < count; i++)
		*(any_u64 *)(cfg->ram + (reloc[i] - data->va)) += base;
}

static struct load_ring make_ring(const struct load_config *cfg, struct boot_ring *to,
				  struct boot_ring planned, uint64_t ram_va)
{
	struct load_ring host = { .ring = NULL, .size = planned.size };

	if (!planned.size)
		return host;
	host.ring = (struct ring *)(cfg->ram + planned.va);
	to->va = ram_va + planned.va;
	to->size = planned.size;
	return host;
}

_Static_assert(offsetof(struct boot_net, dns) ==
		       offsetof(struct boot_net, flags) + offsetof(struct load_net, dns) &&
		       offsetof(struct boot_net, rx) ==
			       offsetof(struct boot_net, flags) + sizeof(struct load_net),
	       "the same fields in the same order");

static void fill_net(const struct load_config *cfg, struct boot_net *net)
{
	const struct load_net *n = cfg->net;

	if (!n)
		return;
	net->present = 1;
	memcpy(&net->flags, n, sizeof(*n));
}

static void fill_boot(const struct load_config *cfg, const struct ram_plan *p,
		      const struct places *at, struct boot_block *b)
{
	const struct image_part *text = load_part(cfg, IMAGE_PART_TEXT);

	b->magic = BOOT_MAGIC;
	b->version = BOOT_VERSION;
	b->len = p->boot_len;
	b->platform = cfg->platform;
	b->flags = cfg->flags | (cfg->image.header->flags & IMAGE_F_WX ? BOOT_WX : 0);
	b->kernel_va = at->kernel;
	b->kernel_len = load_kernel_len(cfg);
	b->text_va = at->kernel + text->va;
	b->text_len = text->len;
	b->area_va = at->ram + p->area;
	b->stack_va = at->stack;
	b->stack_len = LOAD_STACK;
	b->stacks_va = at->stacks;
	b->stacks_len = at->stacks_len;
	b->ram_pa = cfg->ram_pa;
	b->ram_va = at->ram;
	b->ram_len = cfg->memory - cfg->reserve;
	b->ram_free_off = p->end;
	b->image_pa = cfg->image_pa;
	b->image_va = at->image;
	b->image_len = cfg->image.len;
	b->root_off = load_part(cfg, IMAGE_PART_ROOT)->off;
	b->root_len = load_part(cfg, IMAGE_PART_ROOT)->len;
	b->symbols_off = load_part(cfg, IMAGE_PART_SYMBOLS)->off;
	b->symbols_len = load_part(cfg, IMAGE_PART_SYMBOLS)->len;
	b->memory = cfg->memory;
	b->uid = cfg->image.manifest->uid;
	b->gid = cfg->image.manifest->gid;
	b->volumes.request_va = p->volume ? at->ram + p->volume : 0;
	b->volumes.readonly = cfg->readonly_volumes;
	b->volumes.files = cfg->file_volumes;
	b->volumes.disks = cfg->disk_volumes;
	fill_net(cfg, &b->net);
}

static void add_map(struct loaded *out, uint64_t va, uint64_t pa, uint64_t len, unsigned prot)
{
	unsigned i = out->maps++;

	for (; i && out->map[i - 1].va > va; i--)
		out->map[i] = out->map[i - 1];
	out->map[i] = (struct load_map){ .va = va, .pa = pa, .len = page_up(len), .prot = prot };
}

static void list_maps(const struct load_config *cfg, const struct ram_plan *p, struct loaded *out)
{
	const struct boot_block *b = out->boot;
	const struct image_part *text = load_part(cfg, IMAGE_PART_TEXT);
	const struct image_part *rodata = load_part(cfg, IMAGE_PART_RODATA);
	const struct image_part *data = load_part(cfg, IMAGE_PART_DATA);

	add_map(out, b->kernel_va + text->va, b->image_pa + text->off, text->len, LOAD_R | LOAD_X);
	if (rodata->len)
		add_map(out, b->kernel_va + rodata->va, b->image_pa + rodata->off, rodata->len,
			LOAD_R);
	if (data->mem_len)
		add_map(out, b->kernel_va + data->va, b->ram_pa, data->mem_len, LOAD_R | LOAD_W);
	add_map(out, b->stack_va, b->ram_pa + p->stack, LOAD_STACK, LOAD_R | LOAD_W);
	add_map(out, b->ram_va, b->ram_pa, b->ram_len, LOAD_R | LOAD_W);
	add_map(out, b->image_va, b->image_pa, b->image_len, LOAD_R);
}

static int fill_ram(const struct load_config *cfg, const struct ram_plan *p,
		    const struct places *at, struct loaded *out)
{
	struct boot_block *b = (void *)(cfg->ram + p->boot);

	if (cfg->flags & BOOT_RAM_DIRTY)
		memset(cfg->ram, 0, p->end);
	copy_data(cfg, at->kernel);
	fill_boot(cfg, p, at, b);
	memcpy(b->seed, cfg->random->seed, sizeof(b->seed));
	out->boot = b;
	out->area = (void *)(cfg->ram + p->area);
	out->extra = p->extra;
	out->volume = p->volume ? (void *)(cfg->ram + p->volume) : NULL;
	out->con_out = make_ring(cfg, &b->con_out, p->con_out, at->ram);
	out->con_in = make_ring(cfg, &b->con_in, p->con_in, at->ram);
	out->net_rx = make_ring(cfg, &b->net.rx, p->net_rx, at->ram);
	out->net_tx = make_ring(cfg, &b->net.tx, p->net_tx, at->ram);
	return strings_write(cfg, b, p->boot_len - (uint32_t)sizeof(*b));
}

static void list_addresses(const struct load_config *cfg, const struct ram_plan *p,
			   const struct places *at, struct loaded *out)
{
	const struct image_header *h = cfg->image.header;

	out->low = at->low;
	out->high = at->high;
	out->own_va = at->own;
	out->entry = at->kernel + h->entry;
	out->syscall_entry = at->kernel + h->syscall_entry;
	out->trap_entry = at->kernel + h->trap_entry;
	out->boot_va = at->ram + p->boot;
	out->stack_top = at->stack + LOAD_STACK;
	out->area_pa = cfg->ram_pa + p->area;
	out->image_pa = cfg->image_pa;
}

int load_image(const struct load_config *cfg, struct loaded *out)
{
	struct ram_plan plan;
	struct places at;
	uint32_t strings_len;
	int r;

	memset(out, 0, sizeof(*out));
	r = strings_measure(cfg, &strings_len);
	if (r)
		return r;
	plan_ram(cfg, strings_len, &plan);
	out->need = plan.end + cfg->reserve + WORKING_ROOM;
	if (out->need > cfg->memory)
		return -ENOMEM;
	r = places_choose(cfg, &at);
	if (!r)
		r = fill_ram(cfg, &plan, &at, out);
	if (r)
		return r;
	list_maps(cfg, &plan, out);
	list_addresses(cfg, &plan, &at, out);
	return 0;
}
