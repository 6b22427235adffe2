// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See files.h.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ext4/files.h"

void disk_open(struct disk *d, struct vol *v, size_t len, const char *how)
{
	disk_make(d, len, how);
	assert_int_equal(vol_mount(v, d), 0);
}

void disk_close(struct disk *d, struct vol *v)
{
	assert_int_equal(vol_unmount(v), 0);
	assert_int_equal(disk_fsck(d, "-fn", 0), 0);
	disk_free(d);
}

static void fill(uint8_t *p, size_t n, unsigned seed)
{
	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)((i * 7 + seed * 13 + (i >> 8)) ^ seed);
}

void check_file(struct vol *v, uint32_t node, uint64_t size, unsigned seed)
{
	uint8_t *is = malloc(size + 1), *should = malloc(size + 1);

	fill(should, size, seed);
	assert_int_equal(vol_open(v, node, false), 0);
	assert_int_equal(vol_read(v, node, 0, is, size + 1), size);
	assert_memory_equal(is, should, size);
	free(is);
	free(should);
}

uint32_t make_file(struct vol *v, uint32_t dir, const char *name, uint64_t size,
			  unsigned seed)
{
	uint8_t *data = malloc(size + 1);
	int64_t n = vol_create(v, dir, name, 0100644);

	assert_true(n > 0);
	fill(data, size, seed);
	if (size)
		assert_int_equal(vol_write(v, (uint32_t)n, 0, data, size, 0), size);
	free(data);
	return (uint32_t)n;
}
