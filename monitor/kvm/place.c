// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What lies where in the guest: memory slots, and at the end of RAM the nucleus with the first page
// tables (loader/nucleus.h).
//
//   RAM: | what the library OS may use        | nucleus |
//                                             ^ memory - nucleus_reserve(memory)
#include <errno.h>
#include <sys/ioctl.h>
#include <sys/random.h>

#include <monitor/kvm/vm.h>

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

static int place_nucleus(struct vm *vm, const struct vm_place *p)
{
	uint64_t usable = vm->usable.len;
	struct nucleus_place np = {
		.part = p->ram + usable,
		.pa = LOAD_RAM_PA + usable,
		.len = p->memory - usable,
		.code = p->nucleus,
		.code_len = p->nucleus_len,
		.image_len = p->image_len,
		.pt_flags = p->pt_flags | (vm->has_1g ? PT_F_1G : 0),
		.loaded = p->loaded,
	};
	struct nucleus n;
	int err;

	if (getrandom(&np.random, sizeof np.random, 0) != sizeof np.random)
		return -EIO;
	err = nucleus_prepare(&n, &np);
	if (!err)
		err = nucleus_finish(&n, &np);
	vm->nucleus_va = n.va;
	vm->pt = n.pt;
	vm->pt.flags |= PT_F_KEEP | PT_F_SEALED;
	return err;
}

int vm_place(struct vm *vm, const struct vm_place *p, struct failure *why)
{
	uint64_t reserve = nucleus_reserve(p->memory),
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
	err = place_nucleus(vm, p);
	if (err)
		return failure_errno(why, err, "cannot make the guest's page tables");
	return 0;
}
