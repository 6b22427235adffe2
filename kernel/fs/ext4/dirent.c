// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Entries in a block of a directory: Documentation/filesystems/ext4/directory.rst. They fill the
// block; an entry's room is its own and what became free behind it.
#include <fs/ext4/priv.h>

uint32_t dir_room(const struct ext4 *fs)
{
	return fs->csum ? fs->bs - DIR_TAIL : fs->bs;
}

// The entry at *at, which moves on; NULL: the end. Damaged: *at is then UINT32_MAX.
struct disk_dirent *dirent_next(const struct ext4 *fs, const struct buf *b, uint32_t *at)
{
	struct disk_dirent *e = (void *)(b->data + *at);

	if (*at >= fs->bs)
		return NULL;
	if (fs->bs - *at < DIRENT_SIZE(0) || e->rec_len < DIRENT_SIZE(0) || e->rec_len % 4 ||
	    e->rec_len > fs->bs - *at ||
	    (e->inode && DIRENT_SIZE(e->name_len) > e->rec_len)) {
		*at = UINT32_MAX;
		return NULL;
	}
	*at += e->rec_len;
	return e;
}

void dir_block_init(const struct ext4 *fs, struct buf *b, uint32_t from)
{
	struct disk_dirent *e = (void *)(b->data + from);

	memset(e, 0, fs->bs - from);
	e->rec_len = (uint16_t)(dir_room(fs) - from);
	if (!fs->csum)
		return;
	e = (void *)(b->data + dir_room(fs));
	e->rec_len = DIR_TAIL;
	e->file_type = DIR_TAIL_TYPE;
}

// The file types of directories, from S_IFMT: directory.rst, "File types".
static uint8_t type_of(const struct ext4 *fs, uint32_t mode)
{
	static const uint8_t types[16] = { [1] = 5, [2] = 3, [4] = 2, [6] = 4,
					   [8] = 1, [10] = 7, [12] = 6 };

	return fs->incompat & INCOMPAT_FILETYPE ? types[(mode & S_IFMT) >> 12] : 0;
}

static void fill(const struct ext4 *fs, struct disk_dirent *e, const char *name, size_t len,
		 uint32_t ino, uint32_t mode)
{
	e->inode = ino;
	e->name_len = (uint8_t)len;
	e->file_type = type_of(fs, mode);
	memcpy(e->name, name, len);
}

int dir_put(struct ext4 *fs, struct buf *b, uint32_t need, const char *name, size_t len,
	    uint32_t ino, uint32_t mode)
{
	uint32_t at = 0;
	struct disk_dirent *e;

	while ((e = dirent_next(fs, b, &at))) {
		uint32_t used = e->inode ? DIRENT_SIZE(e->name_len) : 0;
		int r;

		if ((uint8_t *)e - b->data >= dir_room(fs))
			break; // the tail
		if (e->rec_len < used + need)
			continue;
		r = op_write(fs, b);
		if (r)
			return r;
		if (used) {
			struct disk_dirent *rest = (void *)((uint8_t *)e + used);

			rest->rec_len = (uint16_t)(e->rec_len - used);
			e->rec_len = (uint16_t)used;
			e = rest;
		}
		fill(fs, e, name, len, ino, mode);
		return 1;
	}
	return at == UINT32_MAX ? ext4_bad(fs, "a directory is damaged", b->block) : 0;
}

int dir_set(struct ext4 *fs, struct place *p, uint32_t ino, uint32_t mode)
{
	int r = op_write(fs, p->buf);

	if (r)
		return r;
	p->e->inode = ino;
	p->e->file_type = type_of(fs, mode);
	return 0;
}

int dir_remove(struct ext4 *fs, struct inode *dir, struct place *p)
{
	int r = op_write(fs, p->buf);

	if (!r)
		r = inode_change(fs, dir);
	if (r)
		return r;
	p->e->inode = 0;
	if (p->before)
		p->before->rec_len = (uint16_t)(p->before->rec_len + p->e->rec_len);
	inode_touch(fs, dir, true);
	return 0;
}
