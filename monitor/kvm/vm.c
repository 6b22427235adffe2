// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Making and unmaking a virtual machine (vm.h).
#include <monitor/kvm/vm.h>

#include <cpuid.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <monitor/kvm/cpu.h>

#define SYNC_NEEDED (KVM_SYNC_X86_REGS | KVM_SYNC_X86_SREGS)
#define LARGE_PAGE (2ul << 20)
#define SMALL_PAGES (32ul << 20) /* of RAM from the bottom: what small instances use */

uint8_t *vm_memory(uint64_t memory)
{
	void *at = mmap(NULL, memory, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	uint64_t large_end;

	if (at == MAP_FAILED)
		return NULL;
	// The library OS takes RAM from the bottom up, so large pages waste at most one of them. The
	// page tables at the end are taken piece by piece in every instance: no large page for them.
	large_end = (memory - nucleus_reserve(memory)) & ~(LARGE_PAGE - 1);
	if (large_end > SMALL_PAGES)
		(void)madvise((uint8_t *)at + SMALL_PAGES, large_end - SMALL_PAGES, MADV_HUGEPAGE);
	return at;
}

// A KVM host always has vmx or svm (CPUID: Intel SDM vol. 2, AMD APM vol. 3) unless it is itself a
// guest whose hypervisor lends it none; such KVMs emulate CPL 0.
bool vm_host_is_slow(void)
{
	uint32_t a, b, c, d;
	__cpuid(1, a, b, c, d);
	if (c & 1u << 5)
		return false;
	__cpuid(0x80000001u, a, b, c, d);
	return !(c & 1u << 2);
}

static int open_kvm(struct vm *vm, struct failure *why)
{
	vm->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (vm->kvm < 0)
		return failure_set(why, -ENOTSUP, "cannot open /dev/kvm: %s", strerror(errno));
	if (ioctl(vm->kvm, KVM_GET_API_VERSION, 0) != KVM_API_VERSION)
		return failure_set(why, -ENOTSUP,
				   "/dev/kvm does not speak version %d of KVM's interface",
				   KVM_API_VERSION);
	do
		vm->fd = ioctl(vm->kvm, KVM_CREATE_VM, 0);
	while (vm->fd < 0 && errno == EINTR);
	if (vm->fd < 0)
		return failure_set(why, -ENOTSUP, "/dev/kvm makes no virtual machine: %s",
				   strerror(errno));
	return 0;
}

int vm_create(struct vm *vm, struct failure *why)
{
	int len, sync, err;

	memset(vm, 0, sizeof *vm);
	vm->kvm = vm->fd = vm->vcpu = -1;
	err = open_kvm(vm, why);
	if (err)
		return err;
	sync = ioctl(vm->fd, KVM_CHECK_EXTENSION, KVM_CAP_SYNC_REGS);
	if (sync < 0 || (sync & SYNC_NEEDED) != SYNC_NEEDED ||
	    !ioctl(vm->fd, KVM_CHECK_EXTENSION, KVM_CAP_IMMEDIATE_EXIT) ||
	    !ioctl(vm->fd, KVM_CHECK_EXTENSION, KVM_CAP_READONLY_MEM))
		return failure_set(
			why, -ENOTSUP,
			"/dev/kvm is too old: it lacks SYNC_REGS, IMMEDIATE_EXIT or READONLY_MEM");
	vm->vcpu = ioctl(vm->fd, KVM_CREATE_VCPU, 0);
	len = ioctl(vm->kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (vm->vcpu < 0 || len < 0)
		return failure_errno(why, -errno, "/dev/kvm: cannot create a vcpu");
	vm->run_len = (size_t)len;
	vm->run = mmap(NULL, vm->run_len, PROT_READ | PROT_WRITE, MAP_SHARED, vm->vcpu, 0);
	if (vm->run == MAP_FAILED) {
		vm->run = NULL;
		return failure_errno(why, -errno, "/dev/kvm: cannot map the vcpu");
	}
	vm->slow_cpl0 = vm_host_is_slow();
	vm->run->kvm_valid_regs = KVM_SYNC_X86_REGS | (vm->slow_cpl0 ? KVM_SYNC_X86_SREGS : 0);
	return cpu_features(vm, why);
}

void vm_destroy(struct vm *vm)
{
	if (vm->run)
		munmap(vm->run, vm->run_len);
	if (vm->vcpu >= 0)
		close(vm->vcpu);
	if (vm->fd >= 0)
		close(vm->fd);
	if (vm->kvm >= 0)
		close(vm->kvm);
	vm->run = NULL;
	vm->vcpu = vm->fd = vm->kvm = -1;
}
