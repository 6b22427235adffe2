// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Checksums and ids of disks, the partition table, and VHDX files that are not as qemu-img leaves
// them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>
#include <export/bytes.h>
#include <export/container.h>
#include <export/gpt.h>
#include <image/output.h>

static const uint64_t sum[2] = { 0x1122334455667788, 0x99aabbccddeeff00 };

// The check values of both in the catalogue of CRCs (of "123456789").
static void sums(void **state)
{
	assert_int_equal(crc(CRC32, "123456789", 9), 0xcbf43926);
	assert_int_equal(crc(CRC32C, "123456789", 9), 0xe3069283);
	assert_int_equal(crc(CRC32, "", 0), 0);
}

static void ids(void **state)
{
	const uint64_t other[2] = { sum[0] + 1, sum[1] };
	uint8_t a[16], b[16];

	for (unsigned i = 0; i < 20; i++) {
		gpt_id(sum, i, a);
		assert_int_equal(a[7] >> 4, 8); // version and variant of RFC 9562
		assert_int_equal(a[8] >> 6, 2);
		gpt_id(sum, i, b);
		assert_memory_equal(a, b, 16);
		gpt_id(sum, i + 1, b);
		assert_memory_not_equal(a, b, 16);
		gpt_id(other, i, b);
		assert_memory_not_equal(a, b, 16);
	}
}

static void check_header(const uint8_t *disk, uint64_t at, uint64_t other)
{
	uint8_t h[92];

	memcpy(h, disk + at * 512, sizeof(h));
	assert_memory_equal(h, "EFI PART", 8);
	assert_int_equal(get64(h + 24), at);
	assert_int_equal(get64(h + 32), other);
	put32(h + 16, 0);
	assert_int_equal(crc(CRC32, h, sizeof(h)), get32(disk + at * 512 + 16));
	assert_int_equal(crc(CRC32, disk + get64(h + 72) * 512, 128 * 128), get32(h + 88));
}

static void table(void **state)
{
	struct gpt g = { .sectors = 4096,
			 .sum = { sum[0], sum[1] },
			 .boot = { 0xeb, 0x63 },
			 .partition = { { .name = "a", .first = 64, .last = 2047 },
					{ .name = "b", .first = 2048, .last = 4062 } } };
	int fd = memfd_create("disk", 0);
	uint8_t *disk;

	memcpy(g.partition[1].type, gpt_efi_system, 16);
	assert_int_equal(ftruncate(fd, 4096 * 512), 0);
	assert_int_equal(gpt_write(&g, fd), 0);
	disk = mmap(NULL, 4096 * 512, PROT_READ, MAP_SHARED, fd, 0);
	assert_int_equal(get16(disk + 510), 0xaa55);
	assert_int_equal(disk[446 + 4], 0xee);
	assert_int_equal(get32(disk + 446 + 12), 4095);
	check_header(disk, 1, 4095);
	check_header(disk, 4095, 1);
	assert_memory_equal(disk + 1024, disk + 4063 * 512, 128 * 128);
	assert_memory_equal(disk + 1024 + 128, gpt_efi_system, 16);
	munmap(disk, 4096 * 512);
	// A disk of more sectors than the old table can say.
	g.sectors = 1ull << 33;
	assert_int_equal(gpt_write(&g, fd), 0);
	assert_int_equal(pread(fd, &g.boot, 16, 446), 16);
	assert_int_equal(get32(g.boot + 12), 0xffffffff);
	close(fd);
}

// As far as vhdx_set_ids() looks.
#define LOG_AT (1u << 20)
#define META_AT (2u << 20)
static int make_vhdx(void)
{
	static uint8_t b[(2 << 20) + (128 << 10)];
	static const uint8_t region[] = { 0x06, 0xa2, 0x7c, 0x8b, 0x90, 0x47, 0x9a, 0x4b,
					  0xb8, 0xfe, 0x57, 0x5f, 0x05, 0x0f, 0x88, 0x6e };
	static const uint8_t item[] = { 0xab, 0x12, 0xca, 0xbe, 0xe6, 0xb2, 0x23, 0x45,
					0x93, 0xef, 0xc3, 0x09, 0xe0, 0x00, 0xc7, 0x46 };
	int fd = memfd_create("vhdx", 0);

	memset(b, 0, sizeof(b));
	memset(b + LOG_AT, 'l', 4096);
	for (unsigned i = 0; i < 2; i++) {
		uint8_t *h = b + (64u << 10) * (i + 1);

		memcpy(h, "head", 4);
		put64(h + 8, 1000 - i); // the first is newer
		memset(h + 16, 'r', 32);
		put32(h + 68, 1 << 20);
		put64(h + 72, LOG_AT);
	}
	put32(b + (192 << 10) + 8, 1);
	memcpy(b + (192 << 10) + 16, region, 16);
	put64(b + (192 << 10) + 32, META_AT);
	put16(b + META_AT + 10, 1);
	memcpy(b + META_AT + 32, item, 16);
	put32(b + META_AT + 48, 65536 + 16);
	assert_int_equal(output_write(fd, b, sizeof(b), 0), 0);
	return fd;
}

static uint8_t *look(int fd, uint64_t at, size_t len)
{
	static uint8_t b[4096];

	assert_int_equal(pread(fd, b, len, (off_t)at), len);
	return b;
}

static void vhdx(void **state)
{
	int fd = make_vhdx();
	uint8_t *b, id[16];
	uint32_t want;

	assert_int_equal(vhdx_set_ids(fd, sum), 0);
	for (unsigned i = 0; i < 2; i++) {
		b = look(fd, (64u << 10) * (i + 1), 4096);
		assert_int_equal(get64(b + 8), i ? 1 : 2);
		assert_int_not_equal(b[16], 'r');
		assert_int_not_equal(b[32], 'r');
		want = get32(b + 4);
		put32(b + 4, 0);
		assert_int_equal(crc(CRC32C, b, 4096), want);
	}
	assert_int_equal(look(fd, LOG_AT, 16)[0], 0);
	gpt_id(sum, 18, id);
	assert_memory_equal(look(fd, META_AT + 65536 + 16, 16), id, 16);
	close(fd);
}

static int broken(uint64_t at, uint32_t value)
{
	int fd = make_vhdx(), err;

	assert_int_equal(output_write(fd, &value, 4, at), 0);
	err = vhdx_set_ids(fd, sum);
	close(fd);
	return err;
}

static void no_vhdx(void **state)
{
	int fd = memfd_create("empty", 0);

	assert_int_equal(vhdx_set_ids(fd, sum), -EINVAL);
	close(fd);
	assert_int_equal(broken(64 << 10, 0), -EINVAL);         // no header
	assert_int_equal(broken((128 << 10) + 48, 1), -EINVAL); // a log that is in use
	assert_int_equal(broken((64 << 10) + 68, 0), -EINVAL);  // a log without a length
	assert_int_equal(broken((64 << 10) + 68, ~0u), -EINVAL);
	assert_int_equal(broken((192 << 10) + 8, 0), -EINVAL);  // no region
	assert_int_equal(broken((192 << 10) + 16, 0), -EINVAL); // another
	assert_int_equal(broken((192 << 10) + 32, 3 << 20), -EINVAL); // behind the end
	assert_int_equal(broken(META_AT + 32, 0), -EINVAL);     // no such item
	assert_int_equal(broken(META_AT + 8, ~0u), 0);          // a count is bounded by the table
	assert_int_equal(broken((192 << 10) + 8, ~0u), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums),	 cmocka_unit_test(ids),	    cmocka_unit_test(table),
		cmocka_unit_test(vhdx), cmocka_unit_test(no_vhdx),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
