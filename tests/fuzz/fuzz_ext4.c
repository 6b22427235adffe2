// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/fs/ext4 on file systems that are damaged in any way. An input is the number of an image
// (made by mke2fs and filled at the start) and patches of it: which of its blocks that are not all
// zeros, where in it, how many bytes, and these.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ext4/env.h"

#define IMAGES 5
#define OPERATIONS 120
#define BLOCKS_MAX 4096

static const char *const options[IMAGES] = {
	"-t ext4 -b 1024 -O ^has_journal,^metadata_csum -N 64", "-t ext2 -b 1024 -N 64",
	"-t ext4 -b 1024 -O ^metadata_csum,^resize_inode -N 64 -J size=1",
	"-t ext4 -b 1024 -N 64 -O ^has_journal", "-t ext3 -b 1024 -N 64 -J size=1",
};
static struct disk image[IMAGES];
static uint32_t used[IMAGES][BLOCKS_MAX], used_count[IMAGES];
static uint8_t data[70000];
static int budget;

static void fill(struct vol *v)
{
	uint32_t dir = (uint32_t)vol_create(v, 1, "dir", 0040755), f, g;
	char name[64];

	f = (uint32_t)vol_create(v, 1, "pieces", 0100644);
	g = (uint32_t)vol_create(v, 1, "others", 0100644);
	memset(data, 7, sizeof(data));
	for (unsigned i = 0; i < 150; i++)
		vol_write(v, f, i * 2048ul, data, 100, 0); // a tree of extents, with two levels
	for (unsigned i = 0; i < 60; i++) {
		snprintf(name, sizeof(name), "a rather long name, so that it is an index %u", i);
		vol_link(v, dir, name, g);
	}
	vol_write(v, g, 0, data, 60000, 0);
	vol_write(v, g, 300000, data, 3000, 0);
	vol_symlink(v, 1, "link", "dir");
	memset(name, 'l', sizeof(name));
	name[63] = 0;
	vol_symlink(v, 1, "slow", name);
	vol_fsync(v, f, false);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	env_quiet = true;
	for (int i = 0; i < IMAGES; i++) {
		struct disk *d = &image[i], copy;
		bool journal = i == 2 || i == 4;
		struct vol v;

		disk_make(d, journal ? 2200 << 10 : 600 << 10, options[i]);
		// COMPAT_HAS_JOURNAL, in disk_super.feature_compat
		if (vol_mount(&v, d) || journal != !!(d->data[1024 + 0x5c] & 4))
			abort();
		fill(&v);
		disk_empty(&copy, d->size);
		memcpy(copy.data, d->data, d->size);
		vol_unmount(&v);
		if (journal)
			memcpy(d->data, copy.data, d->size); // with something to be replayed
		for (uint32_t b = 0; b < d->size / 1024 && used_count[i] < BLOCKS_MAX; b++) {
			for (uint32_t k = 0; k < 1024; k++) {
				if (!d->data[b * 1024 + k])
					continue;
				used[i][used_count[i]++] = b;
				break;
			}
		}
		disk_free(&copy);
	}
	return 0;
}

static void file_walk(struct vol *v, uint32_t node)
{
	if (vol_open(v, node, true))
		return;
	for (uint64_t off = 0; off < 400000 && --budget % 8;) {
		int64_t n = vol_read(v, node, off, data, sizeof(data));

		if (n <= 0)
			break;
		off += (uint64_t)n;
	}
	vol_seek(v, node, 5000, 3);
	vol_seek(v, node, 5000, 4);
	vol_write(v, node, 10000, data, 5000, 0);
	vol_write(v, node, 0, data, 10, VOLUME_F_APPEND);
	vol_allocate(v, node, 1, 2000, 20000);
	vol_allocate(v, node, 3, 7000, 9000);
	vol_truncate(v, node, 4000);
}

static void walk(struct vol *v, uint32_t dir, int depth)
{
	static uint8_t buf[4][4096];
	uint64_t off = 0;
	int64_t n;

	if (depth == 4 || vol_open(v, dir, false))
		return;
	while (--budget > 0 && (n = vol_readdir(v, dir, &off, buf[depth], 4096)) > 0) {
		for (uint8_t *p = buf[depth]; p < buf[depth] + n && --budget > 0;) {
			const char *name = (char *)p + 19;
			char moved[VOLUME_NAME_MAX + 1];
			uint16_t len;
			int64_t node;

			memcpy(&len, p + 16, 2);
			p += len;
			if (!strcmp(name, ".") || !strcmp(name, ".."))
				continue;
			node = vol_lookup(v, dir, name);
			if (node <= 0)
				continue;
			vol_readlink(v, (uint32_t)node, (char *)data, sizeof(data));
			vol_getattr(v, (uint32_t)node);
			walk(v, (uint32_t)node, depth + 1);
			file_walk(v, (uint32_t)node);
			snprintf(moved, sizeof(moved), "m%u%.200s", (unsigned)budget, name);
			if (budget % 3 == 0)
				vol_rename(v, dir, name, 1, moved, 0);
			else if (budget % 3 == 1)
				vol_unlink(v, dir, name, budget & 4);
			vol_forget(v, (uint32_t)node);
		}
	}
	vol_unlink(v, 1, "dir", true);
	vol_create(v, dir, "new", 0100644);
	vol_create(v, dir, "newdir", 0040755);
}

int LLVMFuzzerTestOneInput(const uint8_t *in, size_t size)
{
	unsigned i = size ? in[0] % IMAGES : 0;
	long before = env_allocations;
	struct disk d;
	struct vol v;

	disk_empty(&d, image[i].size);
	memcpy(d.data, image[i].data, d.size);
	for (size_t at = 1; at + 5 <= size;) {
		uint32_t block = used[i][(in[at] | in[at + 1] << 8) % used_count[i]];
		uint32_t off = (in[at + 2] | (in[at + 3] & 3) << 8) & ~1u, n = in[at + 4] % 8 + 1;

		at += 5;
		n = n < size - at ? n : (uint32_t)(size - at);
		n = n < 1024 - off ? n : 1024 - off;
		memcpy(d.data + block * 1024 + off, in + at, n);
		at += n;
	}
	budget = OPERATIONS;
	srandom(1);
	if (!vol_mount(&v, &d)) {
		walk(&v, 1, 0);
		vol_fsync(&v, 1, false);
		vol_statfs(&v);
		vol_unmount(&v);
	}
	if (env_allocations != before)
		__builtin_trap(); // memory that nobody gives back
	disk_free(&d);
	return 0;
}
