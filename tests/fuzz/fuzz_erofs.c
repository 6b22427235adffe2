// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/fs/erofs.c on any bytes. Seeds are images made by mkfs.erofs.
#include <core/klib.h>
#include <fs/erofs.h>

static volatile uint64_t seen; // so that what is read is read

static void walk(const struct erofs *fs, uint64_t nid, int *budget, int depth)
{
	struct erofs_inode ino;
	struct erofs_entry e;
	uint64_t pos = 0, found;
	const uint8_t *p;
	size_t n;

	if (--*budget < 0 || depth > 8 || erofs_inode_get(fs, nid, &ino))
		return;
	for (uint64_t off = 0; off < ino.size && --*budget > 0; off += n) {
		if (erofs_map(fs, &ino, off, &p, &n))
			break;
		if (!n)
			__builtin_trap(); // a reader would never end
		seen += p ? p[0] + p[n - 1] : 0;
	}
	while ((ino.mode & 0170000) == 0040000 && erofs_next(fs, &ino, &pos, &e) > 0 &&
	       --*budget > 0) {
		if (!erofs_lookup(fs, &ino, e.name, e.len, &found))
			seen += found;
		if (e.name[0] != '.')
			walk(fs, e.nid, budget, depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct erofs fs;
	int budget = 500;

	if (!erofs_mount(&fs, data, size))
		walk(&fs, fs.root, &budget, 0);
	return 0;
}
