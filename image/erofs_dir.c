// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The data of directories: blocks, each a table of entries and then their names, no name across two
// blocks. All names are in the order of their bytes, "." and ".." among them.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <image/erofs_priv.h>

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct dir_item *)a)->name, ((const struct dir_item *)b)->name);
}

int dir_start(struct dir_stream *s, const struct node *dir)
{
	*s = (struct dir_stream){ .count = dir->entry_count + 2u };
	s->entries = node_entries(dir);
	s->item = calloc(s->count, sizeof(*s->item));
	if (!s->entries || !s->item) {
		dir_end(s);
		return -ENOMEM;
	}
	s->item[0] = (struct dir_item){ ".", 1, dir };
	s->item[1] = (struct dir_item){ "..", 2, dir->parent };
	for (size_t i = 0; i < dir->entry_count; i++)
		s->item[i + 2] = (struct dir_item){ s->entries[i].name, strlen(s->entries[i].name),
						    s->entries[i].node };
	qsort(s->item, s->count, sizeof(*s->item), by_name);
	return 0;
}

void dir_end(struct dir_stream *s)
{
	free(s->item);
	free(s->entries);
}

// How many of the next items fit into a block, and how much of it they take.
static size_t fill(const struct dir_stream *s, size_t *len)
{
	size_t n = 0;

	*len = 0;
	while (s->next + n < s->count) {
		size_t more = sizeof(struct erofs_disk_dirent) + s->item[s->next + n].len;

		if (*len + more > EROFS_BLOCK)
			break;
		*len += more;
		n++;
	}
	return n;
}

static uint8_t type_of(const struct node *n)
{
	switch (n->attr.mode & S_IFMT) {
	case S_IFDIR: return EROFS_FT_DIR;
	case S_IFCHR: return EROFS_FT_CHR;
	case S_IFBLK: return EROFS_FT_BLK;
	case S_IFIFO: return EROFS_FT_FIFO;
	case S_IFSOCK: return EROFS_FT_SOCK;
	case S_IFLNK: return EROFS_FT_LNK;
	default: return EROFS_FT_REG;
	}
}

size_t dir_block(struct dir_stream *s, uint8_t block[EROFS_BLOCK])
{
	size_t len, n = fill(s, &len), name = n * sizeof(struct erofs_disk_dirent);

	memset(block, 0, EROFS_BLOCK);
	for (size_t i = 0; i < n; i++) {
		const struct dir_item *item = &s->item[s->next + i];
		struct erofs_disk_dirent d = { .nid = item->node->out.nid,
					       .name_off = (uint16_t)name,
					       .type = type_of(item->node) };

		memcpy(block + i * sizeof(d), &d, sizeof(d));
		memcpy(block + name, item->name, item->len);
		name += item->len;
	}
	s->next += n;
	return s->next < s->count ? EROFS_BLOCK : len;
}

uint64_t dir_size(const struct node *dir)
{
	struct dir_stream s;
	uint64_t size = 0;

	if (dir_start(&s, dir))
		return 0;
	while (s.next < s.count) {
		size_t len;

		s.next += fill(&s, &len);
		size += s.next < s.count ? EROFS_BLOCK : len;
	}
	dir_end(&s);
	return size;
}
