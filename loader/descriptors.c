// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the processor reads in struct nucleus_data: descriptors, gates, the TSS, and the frames with
// which the nucleus returns.
#include <stddef.h>
#include <string.h>

#include <loader/nucleus.h>

// GDT descriptors (Intel SDM vol. 3, 3.4.5): flat, accessed.
#define DESC_KERNEL_CS 0x00af9b000000ffffull
#define DESC_KERNEL_SS 0x00cf93000000ffffull
#define DESC_USER_CS32 0x00cffb000000ffffull
#define DESC_USER_SS 0x00cff3000000ffffull
#define DESC_USER_CS 0x00affb000000ffffull
#define DESC_TSS (0x89ull << 40) /* available: LTR makes it busy */
#define GATE_INTERRUPT 0x8e
#define GATE_USER 0xee /* for vectors that CPL 3 may raise by INT, INT3 and INTO */
#define IST_CRASH 1
#define IST_CALL 2
#define IST_IRQ 3

// Vectors that are not like most: an interrupt gate to NUCLEUS_TRAPS, on the stack of RSP0. The
// last PC_SPECIALS are for pc only.
#define PC_SPECIALS 3
static const struct special {
	uint8_t vector, type, ist;
	uint16_t to; // offset in the code, or 0: as most
} specials[] = {
	{ 2, GATE_INTERRUPT, IST_CRASH, 0 }, // NMI
	{ 8, GATE_INTERRUPT, IST_CRASH, 0 }, // double fault
	{ 18, GATE_INTERRUPT, IST_CRASH, 0 }, // machine check
	{ TRAP_BREAKPOINT, GATE_USER, 0, 0 },
	{ TRAP_OVERFLOW, GATE_USER, 0, 0 },
	{ NUCLEUS_CALL_VECTOR, GATE_USER, IST_CALL, NUCLEUS_CALL },
	{ TRAP_TICK, GATE_INTERRUPT, IST_IRQ, NUCLEUS_PC_TICK },
	{ NUCLEUS_DEVICE_VECTOR, GATE_INTERRUPT, IST_IRQ, NUCLEUS_PC_DEVICE },
	{ NUCLEUS_SPURIOUS_VECTOR, GATE_INTERRUPT, IST_IRQ, NUCLEUS_PC_SPURIOUS },
};

static void set_gate(struct gate *g, uint64_t to, uint8_t type, uint8_t ist)
{
	*g = (struct gate){
		.offset_low = (uint16_t)to, .selector = SEL_KERNEL_CS, .ist = ist, .type = type,
		.offset_mid = (uint16_t)(to >> 16), .offset_high = (uint32_t)(to >> 32),
	};
}

static void fill_gates(struct nucleus_data *d, uint64_t code, bool pc)
{
	unsigned count = sizeof specials / sizeof specials[0] - (pc ? 0 : PC_SPECIALS);

	for (unsigned v = 0; v < NUCLEUS_VECTORS; v++) {
		set_gate(&d->idt[v], code + NUCLEUS_TRAPS + v * NUCLEUS_TRAP_SIZE, GATE_INTERRUPT,
			 0);
		set_gate(&d->crash_idt[v], code + NUCLEUS_CRASHES + v * NUCLEUS_CRASH_SIZE,
			 GATE_INTERRUPT, IST_CRASH);
	}
	for (unsigned i = 0; i < count; i++) {
		const struct special *s = &specials[i];
		unsigned to = s->to ? s->to : NUCLEUS_TRAPS + s->vector * NUCLEUS_TRAP_SIZE;

		set_gate(&d->idt[s->vector], code + to, s->type, s->ist);
	}
}

static void fill_gdt(struct nucleus_data *d, uint64_t tss, uint32_t tss_len)
{
	d->gdt[SEL_KERNEL_CS / 8] = DESC_KERNEL_CS;
	d->gdt[SEL_KERNEL_SS / 8] = DESC_KERNEL_SS;
	d->gdt[0x20 / 8] = DESC_USER_CS32;
	d->gdt[SEL_USER_SS / 8] = DESC_USER_SS;
	d->gdt[SEL_USER_CS / 8] = DESC_USER_CS;
	d->gdt[SEL_TSS / 8] =
		(tss_len - 1) | (tss & 0xffffff) << 16 | DESC_TSS | (tss >> 24 & 0xff) << 56;
	d->gdt[SEL_TSS / 8 + 1] = tss >> 32;
}

static void fill_tss(struct tss *tss, uint64_t base)
{
	tss->rsp[0] = base + NUCLEUS_AREA + offsetof(struct vcpu_area, events);
	tss->ist[IST_CRASH - 1] = base + NUCLEUS_IST_TOP;
	tss->ist[IST_CALL - 1] = base + NUCLEUS_STACK_TOP;
	tss->ist[IST_IRQ - 1] = base + NUCLEUS_IRQ_TOP;
	tss->io_map = offsetof(struct tss, io_permit);
}

// No ports but the monitor's. OUT of eax touches four; all four must be permitted.
static void permit_host_port(struct tss *tss)
{
	memset(tss->io_permit, 0xff, sizeof tss->io_permit);
	tss->io_permit[HOST_PORT / 8] = (uint8_t)~(0xfu << HOST_PORT % 8);
}

static struct iret_frame frame_to(uint64_t rip, uint64_t rsp)
{
	return (struct iret_frame){
		.rip = rip, .cs = SEL_USER_CS, .rflags = 0x202, .rsp = rsp, .ss = SEL_USER_SS
	};
}

void nucleus_fill_data(struct nucleus *n, const struct nucleus_place *p)
{
	struct nucleus_data *d = n->data;
	uint64_t data = n->va + NUCLEUS_DATA;

	d->syscall = frame_to(p->loaded->syscall_entry, 0);
	d->trap = frame_to(p->loaded->trap_entry, 0);
	d->start = frame_to(p->loaded->entry, p->loaded->stack_top);
	if (p->tss.tss) {
		fill_gdt(d, n->va + p->tss.at, p->tss.len);
		fill_tss(p->tss.tss, n->va);
	} else {
		fill_gdt(d, data + offsetof(struct nucleus_data, tss), sizeof d->tss);
		fill_tss(&d->tss, n->va);
		permit_host_port(&d->tss);
	}
	fill_gates(d, n->va + NUCLEUS_CODE, p->pc);
	if (p->slow) // calls come as invalid opcodes
		set_gate(&d->idt[TRAP_ILLEGAL], n->va + NUCLEUS_CODE + NUCLEUS_PC_ILLEGAL,
			 GATE_INTERRUPT, IST_CALL);
	d->idtr = (struct table_register){ sizeof d->idt - 1,
					   data + offsetof(struct nucleus_data, idt) };
	d->crash_idtr = (struct table_register){ sizeof d->crash_idt - 1,
						 data + offsetof(struct nucleus_data, crash_idt) };
}
