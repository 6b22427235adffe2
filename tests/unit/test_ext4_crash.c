// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Power is lost at any write. What was not flushed may be there or not, in any combination. Then
// e2fsck has nothing to do but to replay the journal, our own mount gives a file system that is
// whole, and what fsync had acknowledged is there.
// EXT4_ROUNDS: how many more than usual; EXT4_SEED.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ext4/files.h"
#include "ext4/model.h"

static const struct {
	const char *options;
	uint64_t size;
	uint32_t block;
} kinds[] = {
	{ "-t ext4 -b 1024", 12 << 20, 1024 },
	{ "-t ext4 -b 4096", 24 << 20, 4096 },
	{ "-t ext3 -b 1024", 12 << 20, 1024 },
	{ "-t ext4 -b 1024 -O ^metadata_csum,uninit_bg,^64bit", 10 << 20, 1024 },
};

static struct model m;

static void copy(struct disk *to, const struct disk *from)
{
	disk_empty(to, from->size);
	memcpy(to->data, from->data, from->size);
}

static void check_e2fsck(const struct disk *crashed)
{
	struct disk d;
	int r;

	copy(&d, crashed);
	r = disk_fsck(&d, "-fy", -1);
	assert_true(r == 0 || r == 1);
	if (disk_fsck_said("? yes"))
		disk_fsck_show();
	assert_false(disk_fsck_said("? yes"));
	assert_int_equal(disk_fsck(&d, "-fn", 0), 0);
	disk_free(&d);
}

static void check_mount(const struct disk *crashed, bool durable)
{
	struct disk d;
	struct vol v;
	int64_t f;

	copy(&d, crashed);
	assert_int_equal(vol_mount(&v, &d), 0);
	if (durable)
		model_compare_durable(&m, &v);
	f = vol_create(&v, 1, "a name that no model makes", 0100644);
	assert_true(f > 0);
	assert_int_equal(vol_write(&v, (uint32_t)f, 0, "abc", 3, 0), 3);
	disk_close(&d, &v);
}

static void round_of(size_t kind, unsigned batches)
{
	uint8_t *platter = malloc(kinds[kind].size);
	struct disk d;

	disk_make(&d, kinds[kind].size, kinds[kind].options);
	memcpy(platter, d.data, d.size);
	d.record = true;
	model_init(&m);
	assert_int_equal(vol_mount(&m.v, &d), 0);
	for (unsigned i = 0; i < batches; i++) {
		struct disk crashed;

		disk_settle(&d, platter);
		m.synced = 0;
		for (unsigned steps = 1 + (unsigned)random() % 60; steps; steps--) {
			model_step(&m);
			env_time += random() % 100 ? 0 : EXT4_COMMIT_NS;
			ext4_tick(m.v.fs);
		}
		for (int cuts = 0; cuts < 3; cuts++) {
			size_t cut = (size_t)random() % (d.steps + 1);

			cut = random() % 2 && cut < m.synced ? m.synced : cut;
			// e2fsck takes a torn superblock for none; we do not, once the journal has
			// it. Before the first change it is written in place.
			disk_crash(&crashed, &d, platter, cut,
				   cuts == 2 && i ? SECTOR_SIZE : kinds[kind].block);
			if (cuts == 0)
				check_e2fsck(&crashed);
			else
				check_mount(&crashed, cut >= m.synced);
			disk_free(&crashed);
		}
	}
	model_close(&m);
	assert_int_equal(vol_unmount(&m.v), 0);
	assert_int_equal(disk_fsck(&d, "-fn", 0), 0);
	model_free(&m);
	disk_free(&d);
	free(platter);
}

static void test_crashes(void **state)
{
	const char *more = getenv("EXT4_ROUNDS"), *seed = getenv("EXT4_SEED");
	unsigned rounds = more ? (unsigned)atoi(more) : 1;

	env_quiet = true;
	for (unsigned i = 0; i < rounds; i++) {
		for (size_t kind = 0; kind < sizeof(kinds) / sizeof(kinds[0]); kind++) {
			srandom((seed ? (unsigned)atoi(seed) : 1) + i);
			if (more)
				fprintf(stderr, "%u %s\n", i, kinds[kind].options);
			round_of(kind, 20);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_crashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
