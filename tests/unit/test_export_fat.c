// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The FAT file system of a disk: its kind follows from its clusters, everything has room, and a
// reader that knows only the specification finds the files.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>
#include <export/bytes.h>
#include <export/fat.h>

#define MIB (1ull << 20)

static struct fat with_image(uint64_t len)
{
	struct fat f = { .serial = 0x12345678,
			 .hidden = 2048,
			 .file = { [FAT_LOADER] = { "loader", -1, 6 },
				   [FAT_CONFIG] = { "config", -1, 6 },
				   [FAT_IMAGE] = { NULL, -1, len } } };

	return f;
}

// What Microsoft's text lets a reader compute.
static void check_plan(const struct fat *f)
{
	uint64_t data = f->sectors - f->reserved - 2 * (uint64_t)f->fat_sectors - f->root_sectors;
	uint64_t clusters = data / 8;

	assert_int_equal(clusters, f->clusters);
	assert_int_equal(f->bits, clusters < 4085 ? 12 : clusters < 65525 ? 16 : 32);
	// No count that somebody takes for the other kind.
	assert_true(clusters < 4085 - 15 || clusters >= 4085 + 15);
	assert_true(clusters < 65525 - 15 || clusters >= 65525 + 15);
	assert_true(((clusters + 2) * f->bits + 7) / 8 <= f->fat_sectors * 512ull);
	assert_true(clusters * 4096 >= f->file[FAT_IMAGE].len + 4 * 4096);
}

static void plans(void **state)
{
	const uint64_t around[] = { 8192, 16 * MIB, 256 * MIB, 1024 * MIB,
				    FAT_FILE_MAX - 200 * 4096 };

	for (size_t i = 0; i < sizeof(around) / sizeof(around[0]); i++) {
		for (int64_t d = i ? -100 : 0; d <= 100; d++) {
			struct fat f = with_image((uint64_t)((int64_t)around[i] + d * 4096));
			uint64_t least;

			assert_int_equal(fat_plan(&f, 0), 0);
			check_plan(&f);
			least = f.sectors;
			for (uint64_t more = 0; more < 3000; more += 331) {
				assert_int_equal(fat_plan(&f, least + more), 0);
				check_plan(&f);
				assert_in_range(f.sectors, least, least + more);
			}
			// Given room for another kind, it stays or becomes that kind whole.
			assert_int_equal(fat_plan(&f, least + 40 * 2048), 0);
			check_plan(&f);
		}
	}
}

static void too_large(void **state)
{
	struct fat f = with_image(FAT_FILE_MAX + 1);

	assert_int_equal(fat_plan(&f, 0), -EFBIG);
	f = with_image(UINT64_MAX);
	assert_int_equal(fat_plan(&f, 0), -EFBIG);
	f = with_image(FAT_FILE_MAX);
	assert_int_equal(fat_plan(&f, 0), 0);
}

static uint32_t next(const struct fat *f, const uint8_t *table, uint32_t c)
{
	uint32_t v;

	if (f->bits == 32)
		return get32(table + c * 4) & 0x0fffffff;
	if (f->bits == 16)
		return get16(table + c * 2);
	v = get16(table + c * 3 / 2);
	return c & 1 ? v >> 4 : v & 0xfff;
}

// Follows a file's chain; its contents must be `want`, or the bytes of pattern().
static uint8_t pattern(uint64_t at)
{
	return (uint8_t)(at * 7 + (at >> 12));
}

static void check_file(const struct fat *f, const uint8_t *fs, const uint8_t *entry,
		       const char *want)
{
	const uint8_t *table = fs + f->reserved * 512;
	uint32_t c = get16(entry + 26) | (uint32_t)get16(entry + 20) << 16;
	uint32_t len = get32(entry + 28), last = 0x0fffffff >> (f->bits == 32 ? 0 : 28 - f->bits);
	uint64_t data = f->reserved + 2ull * f->fat_sectors + f->root_sectors;

	// The first byte and the last of each cluster.
	for (uint32_t at = 0, step; at < len; at += step) {
		const uint8_t *p = fs + (data + (uint64_t)(c - 2) * 8) * 512 + at % 4096;

		assert_int_equal(*p, want ? (uint8_t)want[at] : pattern(at));
		if (at % 4096 == 4095 || at + 1 == len) {
			uint32_t n = next(f, table, c);

			assert_int_equal(n == last, at + 1 == len);
			c = n;
		}
		step = at % 4096 || len - at < 4096 ? 1 : 4095;
	}
}

static const uint8_t *find(const uint8_t *dir, const char *name)
{
	for (; *dir; dir += 32)
		if (!memcmp(dir, name, 11))
			return dir;
	fail_msg("%s is not there", name);
	return NULL;
}

static void check_files(const struct fat *f, const uint8_t *fs)
{
	uint64_t data = f->reserved + 2ull * f->fat_sectors + f->root_sectors;
	const uint8_t *root = fs + (data - f->root_sectors) * 512, *dir;

	check_file(f, fs, find(root, "GRUB    CFG"), "config");
	check_file(f, fs, find(root, "PITH    IMG"), NULL);
	dir = find(root, "EFI        ");
	dir = find(fs + (data + (uint64_t)(get16(dir + 26) - 2) * 8) * 512, "BOOT       ");
	dir = fs + (data + (uint64_t)(get16(dir + 26) - 2) * 8) * 512;
	check_file(f, fs, find(dir, "BOOTX64 EFI"), "loader");
	// Both tables say the same.
	assert_memory_equal(fs + f->reserved * 512,
			    fs + (f->reserved + (uint64_t)f->fat_sectors) * 512,
			    (size_t)f->fat_sectors * 512);
}

static void files(void **state)
{
	const uint64_t lens[] = { 1, 4096, 12345, 17 * MIB + 1, 257 * MIB };

	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		struct fat f = with_image(lens[i]);
		int image = memfd_create("image", 0), fd = memfd_create("fat", 0);
		uint8_t *p, *fs;

		assert_int_equal(ftruncate(image, (off_t)lens[i]), 0);
		p = mmap(NULL, lens[i], PROT_READ | PROT_WRITE, MAP_SHARED, image, 0);
		for (uint64_t at = 0; at < lens[i]; at++)
			if (at % 4096 == 0 || at % 4096 == 4095 || lens[i] - at <= 4096)
				p[at] = pattern(at);
		munmap(p, lens[i]);
		f.file[FAT_IMAGE].fd = image;
		assert_int_equal(fat_plan(&f, 0), 0);
		assert_int_equal(ftruncate(fd, 1024 + (off_t)f.sectors * 512), 0);
		assert_int_equal(fat_write(&f, fd, 1024), 0);
		assert_int_equal(lseek(fd, 0, SEEK_END), 1024 + (off_t)f.sectors * 512);
		fs = mmap(NULL, 1024 + f.sectors * 512ull, PROT_READ, MAP_SHARED, fd, 0);
		check_files(&f, fs + 1024);
		munmap(fs, 1024 + f.sectors * 512ull);
		close(fd);
		close(image);
	}
}

static void image_became_shorter(void **state)
{
	struct fat f = with_image(10000);
	int image = memfd_create("image", 0), fd = memfd_create("fat", 0);

	assert_int_equal(ftruncate(image, 9999), 0);
	f.file[FAT_IMAGE].fd = image;
	assert_int_equal(fat_plan(&f, 0), 0);
	assert_int_equal(fat_write(&f, fd, 0), -ESTALE);
	close(image);
	close(fd);
	assert_int_equal(fat_write(&f, fd, 0), -EBADF);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plans),
		cmocka_unit_test(too_large),
		cmocka_unit_test(files),
		cmocka_unit_test(image_became_shorter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
