// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Virtio disks, against a disk in memory, and the source of randomness.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <drivers/virtio/blk.h>
#include <drivers/virtio/rng.h>
#include "virtio/device.h"

#define SECTORS 4096u
#define F_SIZE_MAX 0x2
#define F_RO 0x20
#define F_BLK_SIZE 0x40
#define F_FLUSH 0x200

static uint8_t disk[SECTORS * 512], model[SECTORS * 512];
static struct {
	unsigned requests, flushes, idles;
	uint32_t block, longest;
	uint8_t status;       // of every request
	bool silent;          // it answers when the driver sleeps, not at once
	bool lies;            // it answers what it was not asked
	uint32_t written_len; // said to be written, less the truth
} host;

static uint8_t serve_data(struct fake_part *p, unsigned count, uint32_t type, uint64_t sector)
{
	uint64_t off = sector * 512;

	for (unsigned i = 1; i + 1 < count; i++) {
		assert_int_equal(p[i].in, type != 1);
		if (off % host.block || p[i].len % host.block || off + p[i].len > sizeof(disk))
			return 1;
		if (p[i].len > host.longest)
			host.longest = p[i].len;
		memcpy(type ? disk + off : p[i].at, type ? p[i].at : disk + off, p[i].len);
		off += p[i].len;
	}
	return 0;
}

static void serve(struct fake *f)
{
	struct fake_part p[4];
	unsigned count;
	int head;

	while ((head = fake_take(f, 0, p, 4, &count)) >= 0) {
		uint32_t type, len = 1;
		uint64_t sector;
		uint8_t *status = p[count - 1].at;

		assert_true(count >= 2 && p[0].len == 16 && !p[0].in && p[count - 1].len == 1);
		assert_true(p[count - 1].in);
		memcpy(&type, p[0].at, 4);
		memcpy(&sector, p[0].at + 8, 8);
		host.requests++;
		*status = host.status;
		if (type == 8) {
			memcpy(p[1].at, "disk-0815\0garbage\xff\xff", 20);
			len += 20;
		} else if (type == 4) {
			assert_int_equal(count, 2);
			host.flushes++;
		} else if (!host.status) {
			*status = serve_data(p, count, type, sector);
			len += type ? 0 : p[1].len;
		}
		fake_give(f, 0, host.lies ? 7 : (uint32_t)head, len + host.written_len);
	}
}

static void on_kick(struct fake *f, unsigned queue)
{
	if (!host.silent)
		serve(f);
}

static void idle(void)
{
	host.idles++;
	serve(fake);
}

static struct fake *new_disk(enum fake_kind kind, uint64_t features, uint32_t block)
{
	struct fake *f = fake_new(kind, features, 512 << 10);
	uint64_t sectors = SECTORS;

	memset(&host, 0, sizeof(host));
	host.block = block;
	f->on_kick = on_kick;
	memcpy(f->config, &sectors, 8);
	memcpy(f->config + 20, &block, 4);
	for (unsigned i = 0; i < sizeof(disk); i++)
		model[i] = disk[i] = (uint8_t)(i * 7 + i / 512);
	return f;
}

static void open_disk(struct virtio_blk *b, struct fake *f)
{
	assert_int_equal(virtio_blk_open(b, &f->device, &f->dma, idle), 0);
	assert_int_equal(b->dev.sectors, SECTORS);
}

// Reads and writes at all kinds of places, from RAM and from elsewhere, against the model.
static void exercise(struct virtio_blk *b, struct fake *f)
{
	struct blockdev *d = &b->dev;
	uint8_t *elsewhere = malloc(300 << 10);

	srand(1);
	for (int i = 0; i < 400; i++) {
		uint32_t n = 1 + (uint32_t)rand() % (i % 8 ? 16 : 600);
		uint32_t at = (uint32_t)rand() % (SECTORS - n);
		uint8_t *buf = i & 1 ? elsewhere : fake_ram(f) + (uint32_t)rand() % 1000;

		if (rand() & 1) {
			for (uint32_t k = 0; k < n * 512; k++)
				buf[k] = (uint8_t)rand();
			memcpy(model + at * 512, buf, n * 512);
			assert_int_equal(d->write(d, at, buf, n * 512), 0);
		} else {
			assert_int_equal(d->read(d, at, buf, n * 512), 0);
			assert_memory_equal(buf, model + at * 512, n * 512);
		}
	}
	assert_memory_equal(disk, model, sizeof(disk));
	free(elsewhere);
}

static void reads_and_writes(void **state)
{
	for (int k = 0; k < FAKE_KINDS; k++)
		for (uint32_t block = 512; block <= 4096; block *= 2) {
			struct fake *f = new_disk(k, F_BLK_SIZE | F_FLUSH | FAKE_EVENT_IDX, block);
			struct virtio_blk b;

			open_disk(&b, f);
			host.silent = block == 1024;
			exercise(&b, f);
			assert_true(host.silent == (host.idles > 0));
			fake_free(f);
		}
}

static void size_max(void **state)
{
	struct fake *f = new_disk(FAKE_MMIO, F_SIZE_MAX, 512);
	uint32_t max = 10000;
	struct virtio_blk b;

	memcpy(f->config + 8, &max, 4);
	open_disk(&b, f);
	exercise(&b, f);
	assert_true(host.longest <= max);
	assert_true(host.longest >= 8192);
	fake_free(f);
}

static void ranges(void **state)
{
	struct fake *f = new_disk(FAKE_PCI, 0, 512);
	uint8_t *ram = fake_ram(f);
	struct virtio_blk b;
	struct blockdev *d = &b.dev;
	unsigned before;

	open_disk(&b, f);
	assert_int_equal(d->read(d, SECTORS - 1, ram, 512), 0);
	before = host.requests;
	assert_int_equal(d->read(d, SECTORS, ram, 512), -EINVAL);
	assert_int_equal(d->read(d, SECTORS - 1, ram, 1024), -EINVAL);
	assert_int_equal(d->read(d, UINT64_MAX, ram, 512), -EINVAL);
	assert_int_equal(d->read(d, UINT64_MAX / 512 + 1, ram, 512), -EINVAL);
	assert_int_equal(d->write(d, SECTORS, ram, 512), -EINVAL);
	assert_int_equal(d->read(d, 0, ram, 511), -EINVAL);
	assert_int_equal(d->read(d, 0, ram, 513), -EINVAL);
	assert_int_equal(d->read(d, 0, ram, SIZE_MAX & ~511ul), -EINVAL);
	assert_int_equal(d->read(d, 0, ram, 0), 0);
	assert_int_equal(host.requests, before);
	fake_free(f);
}

static void flushes(void **state)
{
	struct fake *f = new_disk(FAKE_PCI, F_FLUSH, 512);
	struct virtio_blk b;

	open_disk(&b, f);
	assert_int_equal(b.dev.flush(&b.dev), 0);
	assert_int_equal(host.flushes, 1);
	host.status = 1;
	assert_int_equal(b.dev.flush(&b.dev), -EIO);
	fake_free(f);
	f = new_disk(FAKE_PCI, 0, 512);
	open_disk(&b, f);
	assert_int_equal(b.dev.flush(&b.dev), 0);
	assert_int_equal(host.flushes, 0);
	fake_free(f);
}

static void readonly(void **state)
{
	struct fake *f = new_disk(FAKE_LEGACY, F_RO, 512);
	struct virtio_blk b;

	open_disk(&b, f);
	assert_true(b.dev.readonly);
	assert_int_equal(b.dev.write(&b.dev, 0, fake_ram(f), 512), -EROFS);
	assert_int_equal(b.dev.read(&b.dev, 0, fake_ram(f), 512), 0);
	assert_int_equal(host.requests, 1);
	fake_free(f);
}

static void serial(void **state)
{
	struct fake *f = new_disk(FAKE_LEGACY_MSIX, 0, 512);
	char s[BLK_SERIAL_MAX + 1];
	struct virtio_blk b;

	open_disk(&b, f);
	virtio_blk_serial(&b, s);
	assert_string_equal(s, "disk-0815");
	host.status = 2;
	virtio_blk_serial(&b, s);
	assert_string_equal(s, "");
	fake_free(f);
}

static void errors(void **state)
{
	static const uint8_t bad[] = { 1, 2, 3, 0xff };

	for (unsigned i = 0; i < sizeof(bad); i++) {
		struct fake *f = new_disk(FAKE_MMIO, 0, 512);
		struct virtio_blk b;

		open_disk(&b, f);
		host.status = bad[i];
		assert_int_equal(b.dev.read(&b.dev, 0, fake_ram(f), 512), -EIO);
		assert_int_equal(b.dev.write(&b.dev, 0, "", 0), 0);
		assert_int_equal(b.dev.write(&b.dev, 1, fake_ram(f), 1024), -EIO);
		host.status = 0; // an error is no end
		assert_int_equal(b.dev.read(&b.dev, 0, fake_ram(f), 512), 0);
		fake_free(f);
	}
}

static void disks_that_lie(void **state)
{
	for (int lie = 0; lie < 2; lie++) {
		struct fake *f = new_disk(FAKE_MMIO, F_FLUSH, 512);
		struct virtio_blk b;

		open_disk(&b, f);
		host.lies = lie;
		host.written_len = lie ? 0 : 1;
		assert_int_equal(b.dev.read(&b.dev, 0, fake_ram(f), 512), -EIO);
		assert_non_null(b.v.why);
		assert_int_equal(f->status, FAKE_FAILED);
		host.lies = false;
		assert_int_equal(b.dev.read(&b.dev, 0, fake_ram(f), 512), -EIO);
		assert_int_equal(b.dev.write(&b.dev, 0, fake_ram(f), 512), -EIO);
		assert_int_equal(b.dev.flush(&b.dev), -EIO);
		fake_free(f);
	}
}

static void refused(struct fake *f)
{
	struct virtio_blk b;

	assert_int_equal(virtio_blk_open(&b, &f->device, &f->dma, idle), -EIO);
	assert_non_null(b.v.why);
	assert_int_equal(f->status, FAKE_FAILED);
	fake_free(f);
}

static void disks_that_cannot_be_used(void **state)
{
	static const uint32_t blocks[] = { 0, 1, 511, 513, 1000, 8192, 1u << 31, UINT32_MAX };
	struct fake *f;
	uint32_t max = 4095;

	for (unsigned i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		refused(new_disk(FAKE_PCI, F_BLK_SIZE, blocks[i]));
	f = new_disk(FAKE_PCI, F_SIZE_MAX, 512);
	memcpy(f->config + 8, &max, 4);
	refused(f);
	f = new_disk(FAKE_PCI, 0, 512);
	f->dma.len = 2000;
	refused(f);
	f = new_disk(FAKE_PCI, 0, 512);
	f->queue[0].max = 2;
	refused(f);
}

static void huge_capacity(void **state)
{
	struct fake *f = new_disk(FAKE_PCI, 0, 512);
	struct virtio_blk b;

	memset(f->config, 0xff, 8);
	assert_int_equal(virtio_blk_open(&b, &f->device, &f->dma, idle), 0);
	assert_int_equal(b.dev.sectors, UINT64_MAX / 512);
	assert_int_equal(b.dev.read(&b.dev, b.dev.sectors - 1, fake_ram(f), 512), -EIO);
	assert_int_equal(b.dev.read(&b.dev, b.dev.sectors, fake_ram(f), 512), -EINVAL);
	fake_free(f);
}

// Half of what is asked for, 0x11 to 0xff and on.
static void give_random(struct fake *f, unsigned queue)
{
	static uint8_t next = 0x11;
	struct fake_part p[1];
	unsigned count;
	int head = fake_take(f, 0, p, 1, &count);

	for (uint32_t i = 0; i < (p[0].len + 1) / 2; i++)
		p[0].at[i] = next++;
	fake_give(f, 0, (uint32_t)head, (p[0].len + 1) / 2 + host.written_len);
}

static void randomness(void **state)
{
	for (int k = 0; k < FAKE_KINDS; k++) {
		struct fake *f = fake_new(k, 0, 64 << 10);
		struct virtio_rng r;
		uint8_t buf[200] = { 0 };

		memset(&host, 0, sizeof(host));
		f->on_kick = give_random;
		assert_int_equal(virtio_rng_open(&r, &f->device, &f->dma), 0);
		assert_int_equal(virtio_rng_fill(&r, buf, 199, 1000), 199);
		for (int i = 1; i < 199; i++)
			assert_int_equal(buf[i], (uint8_t)(buf[i - 1] + 1));
		assert_int_equal(buf[199], 0);
		host.written_len = 1000;
		assert_int_equal(virtio_rng_fill(&r, buf, 100, 1000), 0);
		assert_non_null(r.v.why);
		fake_free(f);
	}
}

static void randomness_that_does_not_come(void **state)
{
	struct fake *f = fake_new(FAKE_MMIO, 0, 64 << 10);
	struct virtio_rng r;
	uint8_t buf[16];

	assert_int_equal(virtio_rng_open(&r, &f->device, &f->dma), 0);
	assert_int_equal(virtio_rng_fill(&r, buf, 16, 1000), 0);
	assert_non_null(r.v.why);
	assert_int_equal(virtio_rng_fill(&r, buf, 16, 1000), 0);
	fake_free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_writes),
		cmocka_unit_test(size_max),
		cmocka_unit_test(ranges),
		cmocka_unit_test(flushes),
		cmocka_unit_test(readonly),
		cmocka_unit_test(serial),
		cmocka_unit_test(errors),
		cmocka_unit_test(disks_that_lie),
		cmocka_unit_test(disks_that_cannot_be_used),
		cmocka_unit_test(huge_capacity),
		cmocka_unit_test(randomness),
		cmocka_unit_test(randomness_that_does_not_come),
	};

	return cmocka_run_group_tests_name("virtio-blk", tests, NULL, NULL);
}
