// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Writes what erofs_layout.c has laid out, each inode with what is inline behind it, and its data.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <image/erofs.h>
#include <image/erofs_priv.h>
#include <image/interrupt.h>
#include <image/output.h>

#define AT_ONCE (4l << 20) // bytes copied between looks at signals
#define TABLE_PART 1024	   // entries of a chunk table written at once

struct writer {
	const struct layout *l;
	int fd;
	uint64_t base;
	struct failure *why;
};

static int write_at(struct writer *w, const void *bytes, size_t len, uint64_t at)
{
	int err = output_write(w->fd, bytes, len, w->base + at);

	return err ? failure_errno(w->why, err, "cannot write the root file system") : 0;
}

static int copy_bytes(int from, uint64_t at, int to, uint64_t left)
{
	off_t off = (off_t)at;

	while (left > 0) {
		ssize_t n =
			sendfile(to, from, &off, left < AT_ONCE ? (size_t)left : (size_t)AT_ONCE);

		if (build_interrupted())
			return -EINTR;
		if (n < 0)
			return -errno;
		if (!n)
			return -EIO;
		left -= (uint64_t)n;
	}
	return 0;
}

// Bytes [from, from+len) of a file's content to `at` of the image. Holes stay holes there.
static int copy_content_to(struct writer *w, const struct node *n, int in, uint64_t from,
			   uint64_t len, uint64_t at)
{
	const struct content *c = &n->content;
	int err = 0;

	if (c->bytes)
		return write_at(w, c->bytes + from, len, at);
	for (size_t i = content_first(c, from);
	     i < c->extents && c->extent[i].off < from + len && !err; i++) {
		const struct extent *x = &c->extent[i];
		uint64_t a = x->off > from ? x->off : from;
		uint64_t end = x->off + x->len < from + len ? x->off + x->len : from + len;

		if (lseek(w->fd, (off_t)(w->base + at + (a - from)), SEEK_SET) < 0)
			err = -errno;
		else
			err = copy_bytes(in, x->at + (a - x->off), w->fd, end - a);
	}
	return err ? failure_errno(w->why, err, "cannot copy %.500s into the image",
				   c->host ? c->host : "a file")
		   : 0;
}

static uint64_t block_at(const struct writer *w, uint64_t block)
{
	return (w->l->meta_blocks + block) * EROFS_BLOCK;
}

// As struct stat of Linux has it in 32 bits (include/linux/kdev_t.h: new_encode_dev).
static uint32_t device_number(const struct attr *a)
{
	return (a->minor & 0xff) | (a->major << 8) | ((a->minor & ~0xffu) << 12);
}

static uint32_t inode_addr(const struct writer *w, const struct node *n)
{
	if (S_ISCHR(n->attr.mode) || S_ISBLK(n->attr.mode))
		return device_number(&n->attr);
	if (n->out.layout == EROFS_LAYOUT_CHUNKS)
		return n->out.chunk_bits - 12u;
	return (uint32_t)(w->l->meta_blocks + n->out.block);
}

// Puts the inode together, without what is behind it.
static void make_inode(const struct writer *w, const struct node *n, uint8_t *out)
{
	uint32_t nlink = S_ISDIR(n->attr.mode) ? n->subdirs + 2 : n->names;
	const struct attr *a = &n->attr;

	if (n->out.extended) {
		struct erofs_disk_extended x = { .format = (uint16_t)(n->out.layout << 1 | 1),
						 .mode = (uint16_t)a->mode,
						 .size = n->size,
						 .addr = inode_addr(w, n),
						 .ino = n->out.number,
						 .uid = a->uid,
						 .gid = a->gid,
						 .mtime = (uint64_t)a->mtime,
						 .mtime_nsec = a->mtime_nsec,
						 .nlink = nlink };

		memcpy(out, &x, sizeof(x));
	} else {
		struct erofs_disk_compact c = { .format = (uint16_t)(n->out.layout << 1),
						.mode = (uint16_t)a->mode,
						.nlink = (uint16_t)nlink,
						.size = (uint32_t)n->size,
						.addr = inode_addr(w, n),
						.ino = n->out.number,
						.uid = (uint16_t)a->uid,
						.gid = (uint16_t)a->gid };

		memcpy(out, &c, sizeof(c));
	}
}

static int write_dir(struct writer *w, const struct node *n)
{
	uint64_t tail_from = n->size - inode_tail(n), off = 0;
	uint8_t inode[EROFS_BLOCK], block[EROFS_BLOCK];
	uint32_t len = inode_len(n);
	struct dir_stream s;
	int err = 0;

	if (dir_start(&s, n))
		return failure_errno(w->why, -ENOMEM, "a folder of %u names", n->entry_count);
	make_inode(w, n, inode);
	while (off < n->size && !err) {
		size_t part = dir_block(&s, block);

		if (inode_tail(n) && off == tail_from) {
			memcpy(inode + len, block, part);
			len += (uint32_t)part;
		} else {
			err = write_at(w, block, part, block_at(w, n->out.block) + off);
		}
		off += part;
	}
	dir_end(&s);
	return err ? err : write_at(w, inode, len, n->out.nid * EROFS_SLOT);
}

// Does the file have data in this chunk? `i` is the first extent that can, and moves on.
static bool chunk_has_data(const struct node *n, uint64_t chunk, size_t *i)
{
	uint64_t from = chunk << n->out.chunk_bits, end = from + (1ull << n->out.chunk_bits);
	const struct content *c = &n->content;

	while (*i < c->extents && c->extent[*i].off + c->extent[*i].len <= from)
		++*i;
	return *i < c->extents && c->extent[*i].off < end;
}

static int write_chunks(struct writer *w, const struct node *n, int in)
{
	uint64_t chunks = ((n->size - 1) >> n->out.chunk_bits) + 1,
		 size = 1ull << n->out.chunk_bits;
	uint64_t block = w->l->meta_blocks + n->out.block;
	uint64_t table = n->out.nid * EROFS_SLOT + inode_len(n);
	size_t extent = 0, at = 0;
	uint32_t part[TABLE_PART];
	int err = 0;

	for (uint64_t c = 0; c < chunks && !err; c++) {
		uint64_t from = c << n->out.chunk_bits;

		part[at] = EROFS_CHUNK_HOLE;
		if (chunk_has_data(n, c, &extent)) {
			part[at] = (uint32_t)block;
			err = copy_content_to(w, n, in, from,
					      size < n->size - from ? size : n->size - from,
					      block * EROFS_BLOCK);
			block += size / EROFS_BLOCK;
		}
		if (!err && (++at == TABLE_PART || c + 1 == chunks)) {
			err = write_at(w, part, at * sizeof(*part), table);
			table += at * sizeof(*part);
			at = 0;
		}
	}
	return err;
}

static int write_file(struct writer *w, const struct node *n)
{
	uint32_t len = inode_len(n), tail = inode_tail(n);
	uint8_t inode[EROFS_BLOCK];
	int in, err = node_open(n, &in, w->why);

	if (err)
		return err;
	make_inode(w, n, inode);
	if (n->out.layout == EROFS_LAYOUT_CHUNKS)
		err = write_chunks(w, n, in);
	else if (n->size > tail)
		err = copy_content_to(w, n, in, 0, n->size - tail, block_at(w, n->out.block));
	if (!err && tail)
		err = node_read(n, in, inode + len, tail, n->size - tail, w->why);
	node_close(n, in);
	return err ? err : write_at(w, inode, len + tail, n->out.nid * EROFS_SLOT);
}

static int write_node(struct writer *w, struct node *n)
{
	bool is_dir = S_ISDIR(n->attr.mode);
	struct tree_entry *entries;
	int err;

	if (n->out.written)
		return 0;
	n->out.written = true;
	if (build_interrupted())
		return failure_set(w->why, -EINTR, "interrupted");
	err = is_dir ? write_dir(w, n) : write_file(w, n);
	if (err || !is_dir)
		return err;
	entries = node_entries(n);
	if (!entries)
		return failure_errno(w->why, -ENOMEM, "a folder of %u names", n->entry_count);
	for (size_t i = 0; i < n->entry_count && !err; i++)
		err = write_node(w, entries[i].node);
	free(entries);
	return err;
}

static int write_super(struct writer *w, const struct tree *t)
{
	const struct erofs_disk_super s = {
		.magic = EROFS_SUPER_MAGIC,
		.feature_compat = EROFS_COMPAT_MTIME,
		.block_bits = 12,
		.root_nid = (uint16_t)t->root->out.nid,
		.inodes = w->l->inodes,
		.blocks = (uint32_t)(w->l->meta_blocks + w->l->data_blocks),
		.feature_incompat = w->l->chunks ? EROFS_FEATURE_CHUNKED_FILE : 0,
	};

	return write_at(w, &s, sizeof(s), EROFS_SUPER_OFFSET);
}

int erofs_write(struct tree *t, int fd, uint64_t base, uint64_t *len, struct failure *why)
{
	struct layout l;
	struct writer w = { .l = &l, .fd = fd, .base = base, .why = why };
	int err = layout_make(&l, t, why);

	*len = (l.meta_blocks + l.data_blocks) * EROFS_BLOCK;
	if (!err && ftruncate(fd, (off_t)(base + *len)))
		err = failure_errno(why, -errno, "cannot write the root file system");
	if (!err)
		err = write_super(&w, t);
	return err ? err : write_node(&w, t->root);
}
