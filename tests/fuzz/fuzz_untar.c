// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Any bytes as an archive. What gets into a tree can be written, and the library OS's reader finds
// it again: the root, and every entry's inode.
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <image/erofs.h>
#include <image/untar.h>
#include <fs/erofs.h>

#define ROOM (8u << 20)

static void check_dir(const struct erofs *fs, const struct node *dir)
{
	struct tree_entry *list = node_entries(dir);
	struct erofs_inode d, ino;
	uint64_t nid;

	if (erofs_inode_get(fs, dir->out.nid, &d))
		abort();
	for (size_t i = 0; i < dir->entry_count; i++) {
		const struct node *n = list[i].node;

		if (erofs_lookup(fs, &d, list[i].name, __builtin_strlen(list[i].name), &nid) ||
		    nid != n->out.nid || erofs_inode_get(fs, nid, &ino) || ino.size != n->size ||
		    ino.mode != n->attr.mode)
			abort();
		if (S_ISDIR(n->attr.mode))
			check_dir(fs, n);
	}
	free(list);
}

static void check_tree(struct tree *t, int fd)
{
	struct failure why = { "" };
	struct erofs fs;
	uint64_t len;
	void *map;

	if (ftruncate(fd, 0) || erofs_write(t, fd, 0, &len, &why))
		return; // larger than it may be here
	map = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED || erofs_mount(&fs, map, len))
		abort();
	check_dir(&fs, t->root);
	munmap(map, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static int image = -1;
	struct failure why = { "" };
	struct node file = { .content.fd = -1 };
	struct spool spool;
	struct untar u = { .tree = tree_new(), .spool = &spool, .whiteouts = size & 1 };

	if (image < 0)
		image = memfd_create("image", 0);
	if (!u.tree || node_set_bytes(&file, bytes, size) ||
	    spool_open(&spool, "/dev/shm", ROOM, &why))
		abort();
	if (!untar(&u, &file, "input", NULL, NULL, &why)) {
		tree_next_layer(u.tree);
		if (!untar(&u, &file, "input", NULL, NULL, &why)) // the same as a layer over itself
			check_tree(u.tree, image);
	} else if (!why.text[0]) {
		abort(); // refused without a word
	}
	tree_free(u.tree);
	content_free(&file.content);
	spool_close(&spool);
	return 0;
}
