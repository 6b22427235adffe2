// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What lies where in the guest: memory slots, the nucleus at the end of RAM, and the first page
// tables.
//
//   RAM: | what the library OS may use        | code | data | stack | IST | pool of page tables |
//                                             ^ memory - vm_reserve(memory)
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>

#include <monitor/kvm/vm.h>

#define CODE_OFF 0ul /* from the start of the nucleus's part of RAM */
#define DATA_OFF (NUCLEUS_CODE_MAX + 0ul)
#define STACK_OFF (DATA_OFF + PAGE_SIZE)
#define IST_OFF (STACK_OFF + (NUCLEUS_STACK_TOP - NUCLEUS_STACK))
#define POOL_OFF (IST_OFF + (NUCLEUS_IST_TOP - NUCLEUS_IST))

#define KERNEL_HALF 0xffff800000000000ull
#define GIB (1ull << 30)
#define LARGE (2ull << 20)

// GDT descriptors (Intel SDM vol. 3, 3.4.5): flat, accessed.
#define DESC_KERNEL_CS 0x00af9b000000ffffull
#define DESC_KERNEL_SS 0x00cf93000000ffffull
#define DESC_USER_CS32 0x00cffb000000ffffull
#define DESC_USER_SS 0x00cff3000000ffffull
#define DESC_USER_CS 0x00affb000000ffffull
#define GATE_INTERRUPT 0x8e
#define GATE_USER 0xee /* for vectors that CPL 3 may raise by INT3 and INTO */

static int set_slot(struct vm *vm, uint32_t slot, uint64_t pa, const void *host, uint64_t len,
		    uint32_t flags)
{
	struct kvm_userspace_memory_region r = {
		.slot = slot,
		.flags = flags,
		.guest_phys_addr = pa,
		.memory_size = len,
		.userspace_addr = (uintptr_t)host,
	};

	return ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &r) ? -errno : 0;
}

static struct gate gate_to(uint64_t at, uint8_t type, uint8_t ist)
{
	return (struct gate){
		.offset_low = (uint16_t)at, .selector = SEL_KERNEL_CS, .ist = ist, .type = type,
		.offset_mid = (uint16_t)(at >> 16), .offset_high = (uint32_t)(at >> 32),
	};
}

static void fill_gates(struct nucleus_data *d, uint64_t code)
{
	unsigned v;

	for (v = 0; v < NUCLEUS_VECTORS; v++) {
		uint8_t type =
			v == TRAP_BREAKPOINT || v == TRAP_OVERFLOW ? GATE_USER : GATE_INTERRUPT;
		uint8_t ist = v == 2 || v == 8 || v == 18; // NMI, double fault, machine check

		d->idt[v] = gate_to(code + NUCLEUS_TRAPS + v * NUCLEUS_TRAP_SIZE, type, ist);
		if (v == NUCLEUS_CALL_VECTOR)
			d->idt[v] = gate_to(code + NUCLEUS_CALL, GATE_USER, 2);
		d->crash_idt[v] =
			gate_to(code + NUCLEUS_CRASHES + v * NUCLEUS_CRASH_SIZE, GATE_INTERRUPT, 1);
	}
}

static void fill_gdt(struct nucleus_data *d, uint64_t tss)
{
	d->gdt[SEL_KERNEL_CS / 8] = DESC_KERNEL_CS;
	d->gdt[SEL_KERNEL_SS / 8] = DESC_KERNEL_SS;
	d->gdt[0x20 / 8] = DESC_USER_CS32;
	d->gdt[SEL_USER_SS / 8] = DESC_USER_SS;
	d->gdt[SEL_USER_CS / 8] = DESC_USER_CS;
	d->gdt[SEL_TSS / 8] = (sizeof(struct tss) - 1) | (tss & 0xffffff) << 16 | 0x8bull << 40 |
			      (tss >> 24 & 0xff) << 56;
	d->gdt[SEL_TSS / 8 + 1] = tss >> 32;
}

static void fill_tss(struct nucleus_data *d, uint64_t base)
{
	d->tss.rsp[0] = base + NUCLEUS_AREA + offsetof(struct vcpu_area, events);
	d->tss.ist[0] = base + NUCLEUS_IST_TOP;
	d->tss.ist[1] = base + NUCLEUS_STACK_TOP;
	d->tss.io_map = offsetof(struct tss, io_permit);
	memset(d->tss.io_permit, 0xff, sizeof d->tss.io_permit);
	// OUT of eax touches four ports; all four must be permitted.
	d->tss.io_permit[HOST_PORT / 8] = (uint8_t)~(0xfu << HOST_PORT % 8);
}

static void fill_data(struct nucleus_data *d, struct vm *vm, const struct loaded *l)
{
	uint64_t base = vm->nucleus_va, data = base + NUCLEUS_DATA;

	d->syscall = (struct iret_frame){
		.rip = l->syscall_entry, .cs = SEL_USER_CS, .rflags = 0x202, .ss = SEL_USER_SS
	};
	d->trap = (struct iret_frame){
		.rip = l->trap_entry, .cs = SEL_USER_CS, .rflags = 0x202, .ss = SEL_USER_SS
	};
	d->start = (struct iret_frame){ .rip = l->entry,
					.cs = SEL_USER_CS,
					.rflags = 0x202,
					.rsp = l->stack_top,
					.ss = SEL_USER_SS };
	fill_gdt(d, data + offsetof(struct nucleus_data, tss));
	fill_tss(d, base);
	fill_gates(d, base + NUCLEUS_CODE);
	d->idtr = (struct table_register){ sizeof d->idt - 1,
					   data + offsetof(struct nucleus_data, idt) };
	d->crash_idtr = (struct table_register){ sizeof d->crash_idt - 1,
						 data + offsetof(struct nucleus_data, crash_idt) };
}

// The editor's limits. Text and constants of the library OS stay as they are; the rest of what the
// loader mapped until the seal.
static void set_limits(struct pt *pt, const struct vm_place *p, const struct vm *vm)
{
	const struct loaded *l = p->loaded;
	unsigned i, keep = 0, sealed = 0;

	pt->ram = (struct pt_range){ vm->usable.start.at, vm->usable.start.at + vm->usable.len };
	pt->image = (struct pt_range){ l->image_pa, l->image_pa + ((p->image_len + PAGE_SIZE - 1) &
								   ~(PAGE_SIZE - 1)) };
	pt->va_low = USER_LOW;
	pt->va_high = USER_HIGH;
	for (i = 0; i < l->maps && i < PT_KEEP_MAX; i++) {
		const struct load_map *m = &l->map[i];
		struct pt_range r = { m->va, m->va + m->len };
		uint64_t kernel = l->boot->kernel_va, end = kernel + l->boot->kernel_len;

		if (m->va >= kernel && m->va + m->len <= end && !(m->prot & LOAD_W))
			pt->keep[keep++] = r;
		else
			pt->keep_sealed[sealed++] = r;
	}
}

static int map_nucleus(struct vm *vm, struct pt *pt, uint64_t pa, uint64_t area_pa)
{
	const struct {
		uint64_t va, pa, len;
		unsigned prot;
	} map[] = {
		{ NUCLEUS_CODE, pa + CODE_OFF, NUCLEUS_CODE_MAX, PT_READ | PT_EXEC },
		{ NUCLEUS_DATA, pa + DATA_OFF, PAGE_SIZE, PT_READ | PT_WRITE },
		{ NUCLEUS_AREA, area_pa, PAGE_SIZE, PT_READ | PT_WRITE },
		{ NUCLEUS_STACK, pa + STACK_OFF, NUCLEUS_STACK_TOP - NUCLEUS_STACK,
		  PT_READ | PT_WRITE },
		{ NUCLEUS_IST, pa + IST_OFF, NUCLEUS_IST_TOP - NUCLEUS_IST, PT_READ | PT_WRITE },
		{ NUCLEUS_POOL + pt->pool_pa % LARGE, pt->pool_pa, pt->pool_len,
		  PT_READ | PT_WRITE },
	};
	unsigned i;
	int err = 0;

	for (i = 0; i < sizeof map / sizeof map[0] && !err; i++)
		err = pt_map_nucleus(pt, vm->nucleus_va + map[i].va, map[i].pa, map[i].len,
				     map[i].prot);
	return err;
}

static int build_tables(struct vm *vm, const struct vm_place *p, uint64_t pa)
{
	const struct loaded *l = p->loaded;
	struct pt *pt = &vm->pt;
	unsigned i;
	int err = pt_init(pt);

	if (!err)
		err = map_nucleus(vm, pt, pa, l->area_pa);
	for (i = 0; i < l->maps && !err; i++)
		err = pt_map(pt, l->map[i].va, l->map[i].pa, l->map[i].len, l->map[i].prot);
	return err;
}

// The nucleus's part of RAM begins at `host`, pa `pa`.
static int place_nucleus(struct vm *vm, const struct vm_place *p, uint8_t *host, uint64_t pa)
{
	struct nucleus_data *d = (struct nucleus_data *)(host + DATA_OFF);
	struct pt *pt = &vm->pt;
	uint64_t random;
	int err;

	if (getrandom(&random, sizeof random, 0) != sizeof random)
		return -EIO;
	vm->nucleus_va = KERNEL_HALF + random % (127ull << 10) * GIB;
	*pt = (struct pt){
		.state = &d->pt_state,
		.pool = (uintptr_t)host + POOL_OFF,
		.pool_pa = pa + POOL_OFF,
		.pool_len = vm_reserve(p->memory) - POOL_OFF,
		.flags = PT_F_LOADER | (vm->has_1g ? PT_F_1G : 0),
	};
	memcpy(host + CODE_OFF, p->nucleus, p->nucleus_len);
	fill_data(d, vm, p->loaded);
	err = build_tables(vm, p, pa);
	if (err)
		return err;
	set_limits(pt, p, vm);
	pt->flags = p->pt_flags | (vm->has_1g ? PT_F_1G : 0);
	d->pt = *pt;
	d->pt.state = (struct pt_state *)(vm->nucleus_va + NUCLEUS_DATA +
					  offsetof(struct nucleus_data, pt_state));
	d->pt.pool = vm->nucleus_va + NUCLEUS_POOL + pt->pool_pa % LARGE;
	pt->flags |= PT_F_KEEP | PT_F_SEALED;
	return 0;
}

int vm_place(struct vm *vm, const struct vm_place *p, struct failure *why)
{
	uint64_t reserve = vm_reserve(p->memory),
		 image_len = (p->image_len + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	int err;

	if (p->nucleus_len > NUCLEUS_CODE_MAX)
		return failure_set(why, -EINVAL, "the image's nucleus is too long");
	vm->ram = (struct gpa_space){ p->ram, { LOAD_RAM_PA }, p->memory };
	vm->usable = (struct gpa_space){ p->ram, { LOAD_RAM_PA }, p->memory - reserve };
	vm->image = (struct gpa_space){ (uint8_t *)p->image, { p->loaded->image_pa }, image_len };
	vm->text_va = p->loaded->boot->text_va;
	vm->text_len = p->loaded->boot->text_len;
	err = set_slot(vm, 0, LOAD_RAM_PA, p->ram, p->memory, 0);
	if (!err)
		err = set_slot(vm, 1, p->loaded->image_pa, p->image, image_len, KVM_MEM_READONLY);
	if (err)
		return failure_errno(why, err, "/dev/kvm: cannot give the guest its memory");
	err = place_nucleus(vm, p, p->ram + vm->usable.len, LOAD_RAM_PA + vm->usable.len);
	if (err)
		return failure_errno(why, err, "cannot make the guest's page tables");
	return 0;
}
