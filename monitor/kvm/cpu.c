// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// cpu.h. Constants are those of the Intel SDM vol. 3 (2.5 control registers, 13.3 XCR0, 2.2.1 EFER)
// and vol. 2 (CPUID).
#include <monitor/kvm/cpu.h>

#include <cpuid.h>
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

#include <nucleus/cpu.h>

#define CPUID_MAX 256
#define CR0_BITS 0x80050033ull /* PG AM WP NE ET MP PE */
#define RFLAGS_CLEAR 0x2ull


struct cpuid {
	struct kvm_cpuid2 head;
	struct kvm_cpuid_entry2 entry[CPUID_MAX];
};

static struct kvm_cpuid_entry2 *cpuid_find(struct cpuid *c, uint32_t function, uint32_t index)
{
	uint32_t i;

	for (i = 0; i < c->head.nent; i++)
		if (c->entry[i].function == function && c->entry[i].index == index)
			return &c->entry[i];
	return NULL;
}

// Takes away what needs an operating system's help that ours does not give: protection keys, shadow
// stacks, AMX, TSX, x2APIC and the like. What is left user mode can use as it stands.
static void cpuid_trim(struct cpuid *c, uint64_t xcr0)
{
	struct kvm_cpuid_entry2 *e;

	if ((e = cpuid_find(c, 1, 0))) {
		e->ebx = (e->ebx & 0xffff) | 1u << 16;                      // APIC id 0 of 1
		e->ecx &= ~(1u << 3 | 1u << 5 | 1u << 17 | 1u << 21 | 1u << 24); // MONITOR VMX PCID
										 // x2APIC
										 // TSC_DEADLINE
	}
	if ((e = cpuid_find(c, 7, 0))) {
		e->ebx &= ~(1u << 4 | 1u << 10 | 1u << 11 | 1u << 14);       // HLE INVPCID RTM MPX
		e->ecx &= ~(1u << 3 | 1u << 7 | 1u << 16 | 1u << 22);        // PKU SHSTK LA57 RDPID
		e->edx &= ~(1u << 20 | 1u << 22 | 1u << 24 | 1u << 25); // IBT AMX-BF16 AMX-TILE
									// AMX-INT8
	}
	if ((e = cpuid_find(c, 0xd, 0))) {
		e->eax = (uint32_t)xcr0;
		e->edx = 0;
	}
	if ((e = cpuid_find(c, 0x80000001u, 0)))
		e->ecx &= ~(1u << 2); // SVM
}

static uint64_t xcr0_supported(struct cpuid *c)
{
	struct kvm_cpuid_entry2 *e = cpuid_find(c, 0xd, 0);
	uint64_t bits = e ? e->eax & XCR0_BITS : 3;

	return (bits & 0xe0) == 0xe0 && (bits & 4) ? bits : bits & 7;
}

// What CR4 can have and what the nucleus needs, from what KVM can do.
static int read_needs(struct vm *vm, struct cpuid *c, struct failure *why)
{
	struct kvm_cpuid_entry2 *one = cpuid_find(c, 1, 0), *seven = cpuid_find(c, 7, 0);
	struct kvm_cpuid_entry2 *ext = cpuid_find(c, 0x80000001u, 0);

	if (!one || !seven || !ext)
		return failure_set(why, -ENOTSUP, "/dev/kvm: KVM_GET_SUPPORTED_CPUID lacks leaves");
	vm->cr4 |= (one->ecx & 1u << 26 ? CR4_OSXSAVE : 0) | (seven->ebx & 1u ? CR4_FSGSBASE : 0) |
		   (seven->ebx & 1u << 7 ? CR4_SMEP : 0) | (seven->ebx & 1u << 20 ? CR4_SMAP : 0) |
		   (seven->ecx & 1u << 2 ? CR4_UMIP : 0);
	vm->has_1g = ext->edx & 1u << 26;
	if ((vm->cr4 & (CR4_FSGSBASE | CR4_OSXSAVE)) != (CR4_FSGSBASE | CR4_OSXSAVE))
		return failure_set(
			why, -ENOTSUP,
			"/dev/kvm: the processor lacks XSAVE or FSGSBASE; use --on process");
	return 0;
}

// Where CPL 3 runs on the processor as the monitor does it has what the monitor has, CR4 and all,
// whatever KVM says, which knows hardly any of it. The leaves are those that programs look at:
// identity, features, vector state, caches, names, address widths. Each costs 4.5 us on such a
// host, and KVM's own list, mostly zeros, 260.
static void cpuid_of_host(struct cpuid *c)
{
	static const struct {
		uint32_t function, index;
	} leaf[] = {
		{ 0, 0 },	    { 1, 0 },		{ 2, 0 },	    { 4, 0 },
		{ 4, 1 },	    { 4, 2 },		{ 4, 3 },	    { 7, 0 },
		{ 0xd, 0 },	    { 0xd, 1 },		{ 0xd, 2 },	    { 0xd, 5 },
		{ 0xd, 6 },	    { 0xd, 7 },		{ 0x80000000u, 0 }, { 0x80000001u, 0 },
		{ 0x80000002u, 0 }, { 0x80000003u, 0 }, { 0x80000004u, 0 }, { 0x80000005u, 0 },
		{ 0x80000006u, 0 }, { 0x80000007u, 0 }, { 0x80000008u, 0 }, { 0x8000001du, 0 },
		{ 0x8000001du, 1 }, { 0x8000001du, 2 }, { 0x8000001du, 3 },
	};
	uint32_t most[2] = { 0, 0x80000000u }, ended = UINT32_MAX;

	c->head.nent = 0;
	for (unsigned i = 0; i < sizeof leaf / sizeof leaf[0]; i++) {
		struct kvm_cpuid_entry2 *e = &c->entry[c->head.nent];
		uint32_t nr = leaf[i].function, *limit = &most[nr >> 31];
		bool indexed = nr == 4 || nr == 7 || nr == 0xd || nr == 0x8000001du;

		if (nr > *limit || nr == ended)
			continue;
		*e = (struct kvm_cpuid_entry2){ .function = nr,
						.index = leaf[i].index,
						.flags = indexed ? KVM_CPUID_FLAG_SIGNIFCANT_INDEX
								 : 0 };
		__cpuid_count(nr, leaf[i].index, e->eax, e->ebx, e->ecx, e->edx);
		c->head.nent++;
		if (nr == 0)
			e->eax = e->eax < 0xd ? e->eax : 0xd;
		if (nr == 7)
			e->eax = 0; // no further subleaves
		if ((nr == 4 || nr == 0x8000001du) && !(e->eax & 0x1f))
			ended = nr; // no further caches
		if (!(nr & 0x7fffffff))
			*limit = e->eax;
	}
}

// The guest's TSC is the host's, so that the monitor can read the guest's clock (clock.c).
static int share_tsc(struct vm *vm)
{
	uint64_t zero = 0;
	struct kvm_device_attr attr = { .group = KVM_VCPU_TSC_CTRL,
					.attr = KVM_VCPU_TSC_OFFSET,
					.addr = (uintptr_t)&zero };
	int khz = ioctl(vm->vcpu, KVM_GET_TSC_KHZ, 0);

	if (khz <= 0 || ioctl(vm->vcpu, KVM_SET_DEVICE_ATTR, &attr))
		return -ENOTSUP;
	vm->tsc_khz = (uint64_t)khz;
	return 0;
}

int cpu_features(struct vm *vm, struct failure *why)
{
	static struct cpuid c; // 10 KiB; there is one vcpu
	struct kvm_xcrs xcrs = { .nr_xcrs = 1 };
	int err;

	vm->cr4 = CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT;
	if (vm->slow_cpl0) {
		cpuid_of_host(&c);
	} else {
		c.head.nent = CPUID_MAX;
		if (ioctl(vm->kvm, KVM_GET_SUPPORTED_CPUID, &c))
			return failure_errno(why, -errno, "/dev/kvm: KVM_GET_SUPPORTED_CPUID");
		err = read_needs(vm, &c, why);
		if (err)
			return err;
	}
	xcrs.xcrs[0].value = xcr0_supported(&c);
	cpuid_trim(&c, xcrs.xcrs[0].value);
	if (ioctl(vm->vcpu, KVM_SET_CPUID2, &c))
		return failure_errno(why, -errno, "/dev/kvm: KVM_SET_CPUID2");
	if (ioctl(vm->vcpu, KVM_SET_XCRS, &xcrs))
		return failure_errno(why, -errno, "/dev/kvm: KVM_SET_XCRS");
	if (share_tsc(vm))
		return failure_set(why, -ENOTSUP,
				   "/dev/kvm is too old: it lacks VCPU_TSC_OFFSET (Linux 5.16)");
	return 0;
}

static struct kvm_segment segment(uint16_t selector, uint8_t type)
{
	return (struct kvm_segment){
		.limit = 0xffffffff,
		.selector = selector,
		.type = type,
		.present = 1,
		.s = 1,
		.l = type == 11,
		.db = type != 11,
		.g = 1,
	};
}

static int set_system(struct vm *vm, struct failure *why)
{
	uint64_t data = vm->nucleus_va + NUCLEUS_DATA;
	struct kvm_sregs s;

	if (ioctl(vm->vcpu, KVM_GET_SREGS, &s))
		return failure_errno(why, -errno, "/dev/kvm: KVM_GET_SREGS");
	s.cr0 = CR0_BITS;
	s.cr3 = vm->pt.root;
	s.cr4 = vm->cr4;
	s.efer = EFER_BITS;
	s.cs = segment(SEL_KERNEL_CS, 11);
	s.ss = segment(SEL_KERNEL_SS, 3);
	s.ds = s.es = s.fs = s.gs =
		(struct kvm_segment){ .type = 3, .s = 1, .dpl = 3, .unusable = 1 };
	s.tr = (struct kvm_segment){ .base = data + offsetof(struct nucleus_data, tss),
				     .limit = sizeof(struct tss) - 1,
				     .selector = SEL_TSS,
				     .type = 11,
				     .present = 1 };
	s.ldt = (struct kvm_segment){ .unusable = 1, .type = 2 };
	s.gdt = (struct kvm_dtable){ .base = data + offsetof(struct nucleus_data, gdt),
				     .limit = GDT_WORDS * 8 - 1 };
	s.idt = (struct kvm_dtable){ .base = data + offsetof(struct nucleus_data, idt),
				     .limit = NUCLEUS_VECTORS * sizeof(struct gate) - 1 };
	if (ioctl(vm->vcpu, KVM_SET_SREGS, &s))
		return failure_errno(why, -errno, "/dev/kvm: KVM_SET_SREGS");
	return 0;
}

// Where CPL 0 is emulated, `syscall` goes to LSTAR without a change of privilege: straight to the
// library OS. vm_run() checks.
static int set_msrs(struct vm *vm, const struct loaded *loaded, struct failure *why)
{
	struct {
		struct kvm_msrs head;
		struct kvm_msr_entry entry[3];
	} m = { .head = { .nmsrs = 3 } };

	m.entry[0] =
		(struct kvm_msr_entry){ .index = MSR_STAR, .data = STAR_BITS };
	m.entry[1] =
		(struct kvm_msr_entry){ .index = MSR_LSTAR,
					.data = vm->slow_cpl0 ? loaded->syscall_entry
							      : vm->nucleus_va + NUCLEUS_CODE };
	m.entry[2] =
		(struct kvm_msr_entry){ .index = MSR_SFMASK,
					.data = SFMASK_BITS | (vm->slow_cpl0 ? 0 : SFMASK_IF) };
	if (ioctl(vm->vcpu, KVM_SET_MSRS, &m) != 3)
		return failure_set(why, -ENOTSUP,
				   "/dev/kvm: KVM_SET_MSRS refused the system call registers");
	return 0;
}

// KVM starts us in the nucleus, at an IRETQ to the library OS: KVMs that emulate CPL 0 do not take
// a vcpu that begins at CPL 3.
int cpu_registers(struct vm *vm, const struct loaded *loaded, struct failure *why)
{
	struct kvm_regs r = {
		.rip = vm->nucleus_va + NUCLEUS_CODE + NUCLEUS_START,
		.rflags = RFLAGS_CLEAR,
		.rdi = loaded->boot_va,
		.rsp = vm->nucleus_va + NUCLEUS_DATA + offsetof(struct nucleus_data, start),
	};
	int err = set_system(vm, why);

	if (!err)
		err = set_msrs(vm, loaded, why);
	if (!err && ioctl(vm->vcpu, KVM_SET_REGS, &r))
		err = failure_errno(why, -errno, "/dev/kvm: KVM_SET_REGS");
	return err;
}
