// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The order of the start (start_main(), at the end), and where everything goes in memory:
//
//   RAM: | as loader/load.c has it; extra: struct pc_info, pvclock's page, memory for devices |
//        | free | TSS, stack for interrupts, nucleus (loader/nucleus.c) |
#include <drivers/io.h>
#include <drivers/uart16550.h>
#include <errno.h>
#include <platform/pc/start/start.h>

#define INFO_LEN ((sizeof(struct pc_info) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1))
#define TSS_PAGES 3 // struct tss and a bit for each of 65536 ports, and 8 bits more
#define TSS_LEN (offsetof(struct tss, io_permit) + PORTS / 8 + 1)
#define OWN_PAGES (TSS_PAGES + 1) // and the stack for interrupts
#define APIC_PAGE PAGE_SIZE
#define TICK_HZ 100
#define UART 0x3f8
#define DEBUG_EXIT 0xf4 // where QEMU's isa-debug-exit is told to be
#define NOTHING 0xe4    // no PC has anything there: some machines read as ones then, some as zeros
#define KEYBOARD_DATA 0x60 // the controller, an 8042
#define KEYBOARD 0x64
#define KEYBOARD_RESET 0xfe

void start_main(const struct stage1_boot *boot) __attribute__((noreturn, section(".text.head")));
static void start(struct start *s) __attribute__((noreturn));

void start_main(const struct stage1_boot *boot)
{
	struct start s;

	__builtin_memset(&s, 0, sizeof(s));
	s.boot = boot;
	start(&s);
}

// What can be told without any table.
static void find_ports(struct start *s)
{
	if (uart_open(UART))
		s->pc.uart = UART;
	if (io_in32(DEBUG_EXIT) == 0 && io_in32(NOTHING) != 0)
		s->pc.debug_exit = DEBUG_EXIT;
	if (io_in8(KEYBOARD) != 0xff)
		s->pc.keyboard = KEYBOARD_DATA;
	s->pc.reset = KEYBOARD;
	s->pc.reset_value = KEYBOARD_RESET;
}

static const struct image_header *header(const struct start *s)
{
	return (const struct image_header *)s->boot->header;
}

static uint64_t image_len(const struct start *s)
{
	return s->boot->image == s->boot->file ? s->boot->file_len : s->boot->end - s->boot->image;
}

static uint64_t dma_len(const struct start *s, uint64_t memory)
{
	if (!(header(s)->flags & (IMAGE_F_NET | IMAGE_F_VOLUMES)))
		return 32 << 10;
	return memory < 8 * MIB ? 64 << 10 : memory < 64 * MIB ? 256 << 10 : MIB;
}

// What stays of the manifest's arguments when others are given, and those.
static const char *const *arguments(struct start *s, const struct manifest *m,
				    const char **list)
{
	const char *p = (const char *)m + m->args.off;
	unsigned n = 0;

	if (!s->words.args_given)
		return NULL;
	for (; n < m->args_kept && n < WORDS_MAX; n++) {
		list[n] = p;
		while (*p++)
			;
	}
	for (unsigned i = 0; i < s->words.arg_count; i++)
		list[n++] = s->words.args[i];
	list[n] = NULL;
	return list;
}

// Without a device there is no network; that is a mistake where one was asked for. Of several
// the first is used.
static bool needs_net(struct start *s, const struct manifest *m)
{
	if (!(header(s)->flags & IMAGE_F_NET) || s->words.no_net)
		return false;
	for (unsigned i = 0; i < s->pc.device_count; i++)
		if (s->pc.device[i].type == PC_TYPE_NET)
			return true;
	if (!m->port_count && !s->words.net.v4_addr) {
		if (s->other_net[0])
			start_note(s, "this network device is not virtio's: ", s->other_net);
		return false;
	}
	start_fail(s, s->other_net[0] ? "the network device is not virtio's: "
				      : "there is no virtio network device, and the image needs one",
		   s->other_net);
}

static void load(struct start *s, struct range ram)
{
	const struct image_part *part = &header(s)->part[IMAGE_PART_MANIFEST];
	const struct manifest *m = (const struct manifest *)(s->boot->image + part->off);
	bool net = needs_net(s, m);
	const char *args[2 * WORDS_MAX + 1];
	uint64_t memory = ram.end - ram.start;
	struct load_config cfg = {
		.image = { (const uint8_t *)s->boot->image, image_len(s), header(s), m },
		.image_pa = s->boot->image,
		.ram = (uint8_t *)ram.start,
		.ram_pa = ram.start,
		.memory = memory,
		.random = &s->random,
		.reserve = nucleus_reserve(memory) + OWN_PAGES * PAGE_SIZE,
		.extra_len = INFO_LEN + PAGE_SIZE + dma_len(s, memory),
		.own_va_len = (s->map_pages + 2) * PAGE_SIZE,
		.platform = BOOT_PC,
		.flags = s->words.flags | BOOT_RAM_DIRTY | BOOT_RAM_KEPT |
			 (s->slow ? BOOT_SLOW_CPL0 : 0),
		.args = arguments(s, m, args),
		.env = s->words.env_count ? s->words.env : NULL,
		.hostname = s->words.hostname,
		.volumes = s->words.volume_count ? s->words.volume_at : NULL,
		.readonly_volumes = s->words.readonly_volumes,
		.net = net ? &s->words.net : NULL,
	};
	char text[20];
	int err;

	if (s->words.volume_count && !(header(s)->flags & IMAGE_F_VOLUMES))
		start_fail(s, "the image's program makes no call that volumes need: ",
			   s->words.volume[0].name);
	s->words.net.flags |= NET_RX_TSO | NET_TX_TSO; // rings for large frames
	start_reach(s, ram.start, memory);
	err = load_image(&cfg, &s->loaded);
	if (err == -ENOMEM)
		start_fail(s, "too little memory; beside the image it needs, in bytes and one piece: ",
			   start_hex(text, s->loaded.need));
	if (err)
		start_fail(s, "the image cannot be loaded, error ", start_hex(text, (uint64_t)-err));
}

// Registers into the platform's own address space.
static int map_devices(struct start *s)
{
	int err = 0;

	for (unsigned i = 0; i < s->map_count && !err; i++)
		err = pt_map(&s->nucleus.pt, s->loaded.own_va + s->map[i].first * PAGE_SIZE,
			     s->map[i].pa, s->map[i].pages * PAGE_SIZE,
			     PT_READ | PT_WRITE | PT_UNCACHED);
	if (!err && s->map_count)
		err = nucleus_keep(&s->nucleus, s->loaded.own_va,
				   (s->map_pages + 1) * PAGE_SIZE);
	return err;
}

static void place_nucleus(struct start *s)
{
	const struct image_part *code = &header(s)->part[IMAGE_PART_NUCLEUS];
	const struct boot_block *b = s->loaded.boot;
	uint64_t own = b->ram_pa + b->ram_len, irq = own + TSS_PAGES * PAGE_SIZE;
	struct tss *tss = (struct tss *)own;
	struct nucleus_place p = {
		.part = (uint8_t *)own + OWN_PAGES * PAGE_SIZE,
		.pa = own + OWN_PAGES * PAGE_SIZE,
		.len = nucleus_reserve(b->memory),
		.code = (const uint8_t *)s->boot->image + code->off,
		.code_len = code->len,
		.random = s->random.dice[LOAD_DICE - 1],
		.image_len = image_len(s),
		.pt_flags = PT_F_DIRTY | (s->has_1g ? PT_F_1G : 0) |
			    (header(s)->flags & IMAGE_F_WX ? PT_F_WX : 0),
		.loaded = &s->loaded,
		.tss = { tss, NUCLEUS_TSS, TSS_LEN },
		.pc = true,
		.slow = s->slow,
	};
	struct nucleus *n = &s->nucleus;
	int err;

	__builtin_memset(tss, 0, TSS_PAGES * PAGE_SIZE);
	devices_permit(s, tss->io_permit);
	err = nucleus_prepare(n, &p);
	if (!err)
		err = pt_map_nucleus(&n->pt, n->va + NUCLEUS_TSS, own, TSS_PAGES * PAGE_SIZE,
				     PT_READ | PT_WRITE);
	if (!err)
		err = pt_map_nucleus(&n->pt, n->va + NUCLEUS_IRQ, irq, PAGE_SIZE,
				     PT_READ | PT_WRITE);
	if (!err)
		err = pt_map_nucleus(&n->pt, n->va + NUCLEUS_APIC, s->apic, APIC_PAGE,
				     PT_READ | PT_WRITE | PT_UNCACHED);
	if (!err)
		err = map_devices(s);
	if (!err)
		err = nucleus_finish(n, &p);
	if (err)
		start_fail(s, "the page tables do not fit", "");
}

static void fill_nucleus(struct start *s)
{
	struct nucleus_pc *pc = &s->nucleus.data->pc;

	pc->apic = s->nucleus.va + NUCLEUS_APIC;
	pc->text = s->loaded.boot->text_va;
	pc->text_len = s->loaded.boot->text_len;
	pc->tick_count = (uint32_t)(s->pc.apic_khz * 1000 / TICK_HZ);
	pc->uart = s->pc.uart;
	pc->debug_exit = s->pc.debug_exit;
	pc->pm_control = s->pc.pm_control;
	pc->pm_sleep = s->pc.pm_sleep;
}

static void own_address(const struct start *s, uint64_t *at)
{
	if (*at)
		*at += s->loaded.own_va;
}

// struct pc_info, where the library OS sees it.
static void hand_over(struct start *s, uint64_t sleep)
{
	struct boot_block *b = s->loaded.boot;
	uint64_t extra = s->loaded.extra;
	struct pc_info *pc = &s->pc;

	for (unsigned i = 0; i < pc->device_count; i++) {
		own_address(s, &pc->device[i].regs);
		own_address(s, &pc->device[i].notify);
		own_address(s, &pc->device[i].isr);
		own_address(s, &pc->device[i].config);
	}
	pc->sleep_va = sleep;
	own_address(s, &pc->sleep_va);
	own_address(s, &pc->button_va);
	pc->volume_count = s->words.volume_count;
	__builtin_memcpy(pc->volume, s->words.volume, sizeof(pc->volume));
	pc->dma_va = b->ram_va + extra + INFO_LEN + PAGE_SIZE;
	pc->dma_pa = b->ram_pa + extra + INFO_LEN + PAGE_SIZE;
	pc->dma_len = dma_len(s, b->memory);
	if (pc->pvclock_va)
		pc->pvclock_va = b->ram_va + extra + INFO_LEN;
	pc->flags |= s->words.uart_console ? PC_F_UART_CONSOLE : 0;
	b->platform_data[0] = b->ram_va + extra;
	__builtin_memcpy((void *)(b->ram_pa + extra), pc, sizeof(*pc));
	s->loaded.area->clock = s->clock;
	s->loaded.area->tty_rows = s->words.tty_rows;
	s->loaded.area->tty_cols = s->words.tty_cols;
}

static void start(struct start *s)
{
	struct range ram;
	uint64_t sleep;

	s->spare = s->boot->tables + STAGE1_STACK_TOP;
	s->spare_end = s->boot->tables + STAGE1_WORKSPACE;
	find_ports(s);
	cpu_check(s);
	info_read(s);
	acpi_read(s);
	apic_open(s);
	mmio_find(s);
	pci_find(s);
	sleep = s->pc.sleep_va ? start_map(s, s->pc.sleep_va, 1) : 0;
	if (s->pc.button_va)
		s->pc.button_va = start_map(s, s->pc.button_va, 4);
	start_ports(s, s->pc.uart, 8);
	start_ports(s, s->pc.debug_exit, 4);
	start_ports(s, s->pc.pm_control, 2);
	start_ports(s, s->pc.pm_event, 4);
	start_ports(s, s->pc.sleep_port, 1);
	start_ports(s, s->pc.reset, 1);
	if (s->pc.keyboard) {
		start_ports(s, s->pc.keyboard, 1);
		start_ports(s, KEYBOARD, 1);
	}
	entropy_fill(s);
	ram = memory_choose(s);
	load(s, ram);
	clock_read(s, (void *)(ram.start + s->loaded.extra + INFO_LEN));
	place_nucleus(s);
	fill_nucleus(s);
	hand_over(s, sleep);
	cpu_enter(s);
}
