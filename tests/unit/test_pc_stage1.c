// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What boot loaders find in an image, and stage one, compiled for the host: out of a packed file comes the image that the monitor
// unpacks, behind the workspace and inside the room that the boot loader was asked for.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>

#include <image/elf_head.h>
#include <image/pack.h>
#include <monitor/image_priv.h>

#define HEADER_OFF 512u
#define START_OFF 4096u
#define STAGE1_LEN 200u

void stage1_main(const struct stage1_head *head, uint64_t magic, uint64_t info) __attribute__((noreturn));

static jmp_buf back;
static struct stage1_boot handed;

static void captured(const struct stage1_boot *b)
{
	handed = *b;
	longjmp(back, 1);
}

// An image whose start-up code comes back here; the rest is like code: calls, zeros, things that come again.
static uint8_t *make_image(size_t len, unsigned seed)
{
	uint8_t *image = calloc(1, len), *start = image + START_OFF;
	struct image_header *h = (void *)(image + HEADER_OFF);
	uint64_t to = (uint64_t)captured;

	srand(seed);
	for (size_t i = START_OFF + 64; i < len; i++) {
		if (i > len / 4 && i < len / 2 && seed % 3 == 0) { // what no method makes smaller
			image[i] = (uint8_t)(rand() >> 8);
			continue;
		}
		int kind = rand() % 8;

		image[i] = kind == 0 ? 0xe8 : kind == 1 ? 0xe9 : kind < 4 ? 0 : kind < 6 ? image[i - (size_t)(rand() % 60 + 1)]
									     : (uint8_t)rand();
	}
	h->part[IMAGE_PART_START].off = START_OFF;
	memcpy(start, "\x48\xb8", 2); // movabs $to, %rax
	memcpy(start + 2, &to, 8);
	memcpy(start + 10, "\xff\xe0", 2); // jmp *%rax
	return image;
}

static const struct stage1_head *head_in(const uint8_t *file)
{
	const struct elf_head *h = (const void *)file;

	return (const void *)(file + h->eh.e_entry - STAGE1_FILE_PA - STAGE1_ENTRY);
}

// Loads the file as a boot loader does, and lets stage one go. Gives where it was loaded.
static uint8_t *boot(const uint8_t *file, size_t *room)
{
	const Elf64_Phdr *ph = &((const struct elf_head *)file)->ph[1];
	uint8_t *at;

	*room = ph->p_memsz;
	at = mmap(NULL, *room, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(at, MAP_FAILED);
	memcpy(at, file + ph->p_offset, ph->p_filesz);
	if (!setjmp(back))
		stage1_main(head_in(at), MB2_LOADER_MAGIC, 0x1234);
	return at;
}

static void monitor_unpacks_the_same(const uint8_t *file, size_t len, const uint8_t *image, size_t image_len)
{
	struct image img = { .fd = memfd_create("packed", MFD_CLOEXEC), .len = len };
	struct failure why = { 0 };

	assert_int_equal(write(img.fd, file, len), len);
	img.map = mmap(NULL, len, PROT_READ, MAP_PRIVATE, img.fd, 0);
	if (image_unpack(&img, &why) != 1)
		fail_msg("%s", why.text);
	assert_int_equal(img.len, image_len);
	assert_memory_equal(img.map, image, image_len);
	munmap((void *)img.map, img.len);
	close(img.fd);
}

static void check_packed(size_t image_len, unsigned seed)
{
	uint8_t *image = make_image(image_len, seed), stage1[STAGE1_LEN] = { 0 };
	size_t len, room;
	uint8_t *file = pack_image(image, image_len, HEADER_OFF, stage1, sizeof(stage1), &len), *at;

	assert_non_null(file);
	at = boot(file, &room);
	assert_int_equal(handed.magic, MB2_LOADER_MAGIC);
	assert_int_equal(handed.info, 0x1234);
	assert_int_equal(handed.file, (uint64_t)at);
	assert_int_equal(handed.file_len, len);
	assert_true(handed.tables >= handed.file + len);
	assert_int_equal((handed.tables - handed.file) % 4096, 0);
	assert_true(handed.image >= handed.tables + STAGE1_WORKSPACE);
	assert_true(handed.end >= handed.image + image_len && handed.end <= handed.file + room);
	assert_int_equal(handed.header, handed.image + HEADER_OFF);
	assert_memory_equal((void *)handed.image, image, image_len);
	monitor_unpacks_the_same(file, len, image, image_len);
	munmap(at, room);
	free(file);
	free(image);
}

static void unpacks(void **state)
{
	for (unsigned seed = 0; seed < 20; seed++)
		check_packed(8192 + seed * 7777, seed);
	check_packed(1 << 20, 99);
}

static void in_place(void **state)
{
	size_t len = 65536, room;
	uint8_t *file = make_image(len, 5), *at;
	struct pc_boot b = { .file_len = len, .stage1 = 1024, .header = HEADER_OFF };
	struct elf_head h;

	elf_head_fill(&h, PITH_NOTE_IMAGE, sizeof(struct image_header));
	assert_int_equal(elf_head_boot(&h, (void *)(file + 1024), &b), 0);
	memcpy(file, &h, sizeof(h));
	at = boot(file, &room);
	assert_int_equal(handed.image, (uint64_t)at);
	assert_int_equal(handed.header, (uint64_t)at + HEADER_OFF);
	assert_int_equal(handed.end, handed.tables + STAGE1_WORKSPACE);
	assert_memory_equal(at, file, len);
	munmap(at, room);
	free(file);
}

static void what_boot_loaders_look_for(void **state)
{
	struct pc_boot b = { .file_len = 100000, .stage1 = 1024, .packed = 2000, .packed_len = 98000, .unpacked_len = 300000, .header = 7 };
	struct stage1_head s;
	struct elf_head h;
	uint32_t *m = (uint32_t *)&h.multiboot2;

	elf_head_fill(&h, PITH_NOTE_PACKED, 64);
	assert_int_equal(h.eh.e_phnum, 1);
	assert_int_equal(elf_head_boot(&h, &s, &b), 0);
	assert_int_equal(h.eh.e_phnum, 3);
	assert_int_equal(h.ph[2].p_type, PT_NOTE); // the last is the one that all look at
	assert_int_equal(h.ph[2].p_offset, offsetof(struct elf_head, pvh));
	assert_string_equal(h.pvh_name, "Xen");
	assert_int_equal(h.pvh.n_namesz, 4);
	assert_int_equal(h.pvh.n_type, 18);
	assert_int_equal(h.pvh_entry, STAGE1_FILE_PA + 1024 + STAGE1_ENTRY);
	assert_int_equal(h.ph[1].p_type, PT_LOAD);
	assert_int_equal(h.ph[1].p_offset, 0);
	assert_int_equal(h.ph[1].p_filesz, 100000);
	assert_true(h.ph[1].p_memsz >= 100000 + STAGE1_WORKSPACE + 300000);
	assert_int_equal(h.ph[0].p_type, PT_NOTE);
	assert_int_equal(h.ph[0].p_offset, offsetof(struct elf_head, note));
	assert_int_equal(offsetof(struct elf_head, multiboot2) % 8, 0);
	assert_int_equal((uint32_t)(m[0] + m[1] + m[2] + m[3]), 0);
	assert_int_equal(s.unpacked_len, 300000);
	assert_int_equal(s.header, 7);
	assert_true(s.workspace >= 100000 && s.workspace % 4096 == 0);
}

static void too_large(void **state)
{
	struct pc_boot b = { .file_len = 0xdf000000, .stage1 = 1024, .header = 7 };
	struct stage1_head s;
	struct elf_head h;

	elf_head_fill(&h, PITH_NOTE_IMAGE, 64);
	assert_int_equal(elf_head_boot(&h, &s, &b), 0);
	b.unpacked_len = 0x1000000;
	assert_int_equal(elf_head_boot(&h, &s, &b), -EFBIG);
	b.unpacked_len = 0;
	b.file_len = 5ull << 32;
	elf_head_fill(&h, PITH_NOTE_IMAGE, 64);
	assert_int_equal(elf_head_boot(&h, &s, &b), -EFBIG);
	assert_int_equal(h.eh.e_phnum, 1); // as it was
}

static void not_for_pc(void **state)
{
	uint8_t *image = make_image(32768, 1);
	size_t len;
	uint8_t *file = pack_image(image, 32768, HEADER_OFF, NULL, 0, &len);
	const struct elf_head *h = (const void *)file;

	assert_int_equal(h->eh.e_phnum, 1);
	assert_int_equal(h->eh.e_entry, 0);
	assert_int_equal(h->multiboot2.magic, 0);
	monitor_unpacks_the_same(file, len, image, 32768);
	free(file);
	free(image);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unpacks),
		cmocka_unit_test(in_place),
		cmocka_unit_test(what_boot_loaders_look_for),
		cmocka_unit_test(too_large),
		cmocka_unit_test(not_for_pc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
