// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Runs the test guest (guest.c) in a virtual machine as the monitor makes it: `nucleus_test nucleus.bin guest.bin`. Needs /dev/kvm;
// without it the test says so and gives 77.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <monitor/kvm/cpu.h>
#include <monitor/kvm/run.h>
#include <monitor/kvm/tick.h>

#define MEMORY (16ul << 20)
#define TEXT_LEN 0x4000ul
#define PROGRAM_OFF 0x3000ul // text from here on is not the library OS's
#define DATA_LEN 0x1000ul
#define INJECT 4080 // guest.S
#define INJECT_MAGIC 0x1234u
#define KERNEL_VA 0x200000000000ull
#define RAM_VA 0x200040200000ull
#define IMAGE_VA 0x200080000000ull
#define IMAGE_PA (1ull << 30)
// Offsets in RAM.
#define DATA_OFF 0ul
#define BOOT_OFF 0x1000ul
#define AREA_OFF 0x2000ul
#define STACK_OFF 0x4000ul
#define FREE_OFF 0x8000ul

static const uint8_t *read_file(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY);
	struct stat st;
	void *at;

	if (fd < 0 || fstat(fd, &st))
		exit(fprintf(stderr, "%s: %s\n", path, strerror(errno)));
	at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	*len = (size_t)st.st_size;
	close(fd);
	return at;
}

// What load_image() would have done.
static void load_guest(struct loaded *l, uint8_t *ram, const uint8_t *guest)
{
	uint64_t usable = MEMORY - nucleus_reserve(MEMORY);
	const struct load_map map[] = {
		{ KERNEL_VA, IMAGE_PA, TEXT_LEN, LOAD_R | LOAD_X },
		{ KERNEL_VA + TEXT_LEN, LOAD_RAM_PA + DATA_OFF, DATA_LEN, LOAD_R | LOAD_W },
		{ RAM_VA, LOAD_RAM_PA, usable, LOAD_R | LOAD_W },
		{ IMAGE_VA, IMAGE_PA, TEXT_LEN + DATA_LEN, LOAD_R },
	};

	memset(l, 0, sizeof *l);
	memcpy(l->map, map, sizeof map);
	l->maps = sizeof map / sizeof map[0];
	l->entry = KERNEL_VA;
	l->syscall_entry = KERNEL_VA + 0x40;
	l->trap_entry = KERNEL_VA + 0x80;
	l->boot_va = RAM_VA + BOOT_OFF;
	l->stack_top = RAM_VA + FREE_OFF;
	l->area_pa = LOAD_RAM_PA + AREA_OFF;
	l->image_pa = IMAGE_PA;
	l->area = (struct vcpu_area *)(ram + AREA_OFF);
	l->boot = (struct boot_block *)(ram + BOOT_OFF);
	memcpy(ram + DATA_OFF, guest + TEXT_LEN, DATA_LEN);
	*l->boot = (struct boot_block){
		.magic = BOOT_MAGIC, .version = BOOT_VERSION, .kernel_va = KERNEL_VA, .kernel_len = TEXT_LEN + DATA_LEN,
		.text_va = KERNEL_VA, .text_len = PROGRAM_OFF, .area_va = RAM_VA + AREA_OFF, .ram_pa = LOAD_RAM_PA, .ram_va = RAM_VA,
		.ram_len = usable, .ram_free_off = FREE_OFF, .image_pa = IMAGE_PA, .image_va = IMAGE_VA,
		.image_len = TEXT_LEN + DATA_LEN,
	};
}

static int nothing(void *arg)
{
	return 0;
}

static void look(void *arg)
{
}

// A request of nucleus_injected() in guest.S.
static int inject(void *arg)
{
	struct vm_run *r = arg;
	uint32_t *request = (uint32_t *)((uint8_t *)r->area + INJECT);
	struct kvm_interrupt call = { .irq = NUCLEUS_CALL_VECTOR };

	if (*request != INJECT_MAGIC)
		return 0;
	*request = 0;
	return ioctl(r->vm->vcpu, KVM_INTERRUPT, &call) ? -errno : 0;
}

static int just_sleep(void *arg, uint64_t ns)
{
	struct timespec ts = { (time_t)(ns / 1000000000), (long)(ns % 1000000000) };

	return nanosleep(&ts, NULL) ? -errno : 0;
}

int main(int argc, char **argv)
{
	static struct loaded l;
	static struct vm vm;
	struct failure why;
	struct vm_place place = { .memory = MEMORY, .loaded = &l };
	struct vm_run run;
	struct vm_devices dev = { .arg = &run, .pump = inject, .sleep = just_sleep, .look = look, .killed = nothing };
	size_t image_len;
	int status, err;

	if (argc != 3 || access("/dev/kvm", R_OK | W_OK))
		return fprintf(stderr, "nucleus: skipped, no /dev/kvm\n"), 77;
	place.nucleus = read_file(argv[1], &place.nucleus_len);
	place.image = read_file(argv[2], &image_len);
	place.image_len = image_len;
	place.ram = vm_memory(MEMORY);
	load_guest(&l, place.ram, place.image);
	run = (struct vm_run){ .vm = &vm, .dev = &dev, .area = l.area };
	err = vm_create(&vm, &why);
	l.boot->flags = vm.slow_cpl0 ? BOOT_SLOW_CPL0 : 0;
	if (!err)
		err = vm_place(&vm, &place, &why);
	if (!err)
		err = cpu_registers(&vm, &l, &why);
	if (!err && tick_open(vm.run))
		return 1;
	if (!err)
		err = vm_run(&run, &status, &why);
	if (err) {
		fprintf(stderr, "nucleus: %s\n", why.text);
		return 1;
	}
	tick_close();
	vm_destroy(&vm);
	if (status)
		fprintf(stderr, "nucleus: the check at line %d (modulo 251) of guest.c failed\n", status - 1);
	return status != 0;
}
