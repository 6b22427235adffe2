// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// edit.h. KVM shadows the guest's tables and watches only the guest's own writes to them, not ours.
// What it has shadowed of an entry that was present must therefore be dropped some other way:
//   - a small page that changed: KVM drops every translation of a page of memory whose protection
//   changes on the host, and looks at
//     the guest's tables again on the next access. So the page is made read-only and writable
//     again.
//   - a large page that changed, a table that went away, or much at once: all that KVM has shadowed
//   is dropped, which it does when a
//     memory slot goes. A slot that nothing uses comes and goes. The tables' structure must never
//     change without this: KVM would go on using its shadow of the old one. That is why empty
//     tables are kept (PT_F_KEEP) until the pool is used up.
// An entry that was not present is never shadowed.
#include <monitor/kvm/edit.h>

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#define SPARE_SLOT 2
#define NEAR 8 /* runs of pages are near if they are at least an eighth of what they span */

static int drop_all(struct vm *vm)
{
	uint64_t behind = vm->image.start.at + vm->image.len;
	struct kvm_userspace_memory_region r = {
		.slot = SPARE_SLOT,
		.guest_phys_addr = behind,
		.memory_size = PAGE_SIZE,
		.userspace_addr = (uintptr_t)vm->ram.host,
	};

	if (ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &r))
		return -errno;
	r.memory_size = 0;
	return ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, &r) ? -errno : 0;
}

static int drop_pages(struct vm *vm, struct gpa pa, uint64_t len)
{
	void *ram = gpa_pointer(&vm->usable, pa, len), *image = gpa_pointer(&vm->image, pa, len);

	if (ram)
		return mprotect(ram, len, PROT_READ) || mprotect(ram, len, PROT_READ | PROT_WRITE)
			       ? -errno
			       : 0;
	if (image)
		return mprotect(image, len, PROT_NONE) || mprotect(image, len, PROT_READ) ? -errno
											  : 0;
	return drop_all(vm);
}

// Runs of pages that lie near each other go at once, with what is between: that costs KVM another
// look at pages that have not changed, which is less than two more calls.
static int drop_runs(struct vm *vm)
{
	const struct pt_flush *f = vm->pt.flush;
	uint32_t count = vm->pt.flush_count, i = 0;
	int err = 0;

	while (i < count && !err) {
		uint64_t low = f[i].pa, high = low + f[i].len, sum = f[i].len;

		while (++i < count) {
			uint64_t l = f[i].pa < low ? f[i].pa : low;
			uint64_t h = f[i].pa + f[i].len > high ? f[i].pa + f[i].len : high;

			if (h - l > NEAR * (sum + f[i].len))
				break;
			low = l;
			high = h;
			sum += f[i].len;
		}
		err = drop_pages(vm, (struct gpa){ low }, high - low);
	}
	return err;
}

static int finish(struct vm *vm, int result)
{
	int err = vm->pt.flush_all ? drop_all(vm) : drop_runs(vm);

	return err ? err : result;
}

// Out of tables: those that are empty can be had back.
static int trim(struct vm *vm)
{
	int err = finish(vm, 0), freed = err ? 0 : pt_trim(&vm->pt);

	if (err || freed <= 0)
		return err ? err : -ENOMEM;
	return finish(vm, 0);
}

int edit_map(struct vm *vm, uint64_t va, uint64_t pa, uint64_t len, unsigned prot)
{
	int err = pt_map(&vm->pt, va, pa, len, prot);

	if (err == -ENOMEM && !trim(vm))
		err = pt_map(&vm->pt, va, pa, len, prot);
	return finish(vm, err);
}

int edit_unmap(struct vm *vm, uint64_t va, uint64_t len)
{
	int err = pt_unmap(&vm->pt, va, len);

	if (err == -ENOMEM && !trim(vm))
		err = pt_unmap(&vm->pt, va, len);
	return finish(vm, err);
}

int edit_protect(struct vm *vm, uint64_t va, uint64_t len, unsigned prot)
{
	int err = pt_protect(&vm->pt, va, len, prot);

	if (err == -ENOMEM && !trim(vm))
		err = pt_protect(&vm->pt, va, len, prot);
	return finish(vm, err);
}
