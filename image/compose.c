// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The file: the ELF head and our header (image/elf_head.h); then what is copied when it is loaded, without
// padding; then, each on a page, what is mapped in place: text, constants, root; then stage one for
// pc.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <image/compose.h>
#include <image/elf_head.h>
#include <image/erofs.h>
#include <image/interrupt.h>
#include <image/manifest.h>
#include <image/output.h>
#include <image/pack.h>
#include <monitor/image.h>

struct piece {
	const void *bytes;
	size_t len;
};

struct head {
	struct elf_head elf;
	struct image_header header;
};
_Static_assert(sizeof(struct head) % 8 == 0, "what follows is aligned");

struct mapped {
	void *at;
	size_t len;
};

static int map_file(const char *path, struct mapped *m, struct failure *why)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;

	if (fd < 0 || fstat(fd, &st))
		err = -errno;
	m->len = err ? 0 : (size_t)st.st_size;
	m->at = m->len ? mmap(NULL, m->len, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
	if (m->at == MAP_FAILED)
		err = -errno;
	if (fd >= 0)
		close(fd);
	return err ? failure_errno(why, err, "cannot read %s: is Pith built, or installed whole?",
				   path)
		   : 0;
}

static void unmap(struct mapped *m)
{
	if (m->len)
		munmap(m->at, m->len);
}

static void lay_out(struct image_header *h, const struct piece piece[IMAGE_MAX_PARTS])
{
	static const enum image_part_kind order[] = { IMAGE_PART_MANIFEST, IMAGE_PART_RELOCS,
						      IMAGE_PART_SYMBOLS,  IMAGE_PART_NUCLEUS,
						      IMAGE_PART_START,	   IMAGE_PART_DATA,
						      IMAGE_PART_TEXT,	   IMAGE_PART_RODATA,
						      IMAGE_PART_ROOT };
	enum { FIRST_IN_PLACE = 6 };
	uint64_t at = sizeof(struct head);

	for (size_t i = 0; i < IMAGE_MAX_PARTS; i++) {
		uint64_t align = i < FIRST_IN_PLACE ? 16 : IMAGE_PAGE;

		at = (at + align - 1) & ~(align - 1);
		h->part[order[i]].off = at;
		h->part[order[i]].len = piece[order[i]].len;
		at += piece[order[i]].len;
	}
	h->file_len = at;
}

static void place_kernel(struct image_header *h, const struct kernel *k)
{
	const struct kernel_segment *segments[] = { &k->text, &k->rodata, &k->data };

	for (unsigned i = 0; i < 3; i++) {
		h->part[IMAGE_PART_TEXT + i].va = segments[i]->va;
		h->part[IMAGE_PART_TEXT + i].mem_len = segments[i]->mem_len;
	}
	h->entry = k->entry;
	h->syscall_entry = k->syscall_entry;
	h->trap_entry = k->trap_entry;
}

// Everything but the root, which is not known yet.
static int write_pieces(int fd, const struct image_header *h,
			const struct piece piece[IMAGE_MAX_PARTS])
{
	int err = 0;

	for (unsigned i = 0; i < IMAGE_MAX_PARTS && !err; i++)
		if (piece[i].len)
			err = output_write(fd, piece[i].bytes, piece[i].len, h->part[i].off);
	return err;
}

// Stage one goes behind everything else, where it is not packed with it.
static int add_stage1(int fd, struct head *head, const struct mapped *stage1)
{
	struct pc_boot boot = { .stage1 = (head->header.file_len + 15) & ~15ul,
				.header = offsetof(struct head, header) };
	uint8_t *code = malloc(stage1->len);
	int err = -ENOMEM;

	if (code) {
		memcpy(code, stage1->at, stage1->len);
		boot.file_len = boot.stage1 + stage1->len;
		err = elf_head_boot(&head->elf, (struct stage1_head *)code, &boot);
		if (!err)
			err = output_write(fd, code, stage1->len, boot.stage1);
		head->header.file_len = boot.file_len;
	}
	free(code);
	return err;
}

static int sum_in_place(int fd, struct head *head)
{
	struct image_header *h = &head->header;
	int err = output_write(fd, head, sizeof(*head), 0);
	uint8_t *map;

	if (err)
		return err;
	map = mmap(NULL, h->file_len, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	image_sum(map, h->file_len, offsetof(struct head, header.sum), h->sum);
	munmap(map, h->file_len);
	return output_write(fd, head, sizeof(*head), 0);
}

// In place of the image that is there. *done tells whether packing made it smaller.
static int pack(int fd, const struct head *head, const struct mapped *stage1, bool *done)
{
	size_t len = head->header.file_len, packed_len;
	uint8_t *packed, *map = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, 0);
	int err = 0;

	if (map == MAP_FAILED)
		return -errno;
	packed = pack_image(map, len, offsetof(struct head, header), stage1->at, stage1->len,
			    &packed_len);
	munmap(map, len);
	*done = packed;
	if (packed && ftruncate(fd, 0))
		err = -errno;
	if (packed && !err)
		err = output_write(fd, packed, packed_len, 0);
	free(packed);
	return err;
}

// The whole file but its head is there: sums it, writes the head, and packs it if it is small.
static int seal(int fd, struct head *head, const struct mapped *stage1, bool in_place)
{
	bool packed = false;
	int err = 0;

	if (!in_place && head->header.file_len <= PACK_UP_TO) {
		err = sum_in_place(fd, head);
		if (!err)
			err = pack(fd, head, stage1, &packed);
	}
	if (err || packed)
		return err;
	if (stage1->len)
		err = add_stage1(fd, head, stage1);
	return err ? err : sum_in_place(fd, head);
}

static int write_root(int fd, const struct compose *c, const char *output, struct head *head,
		      struct failure *why)
{
	struct image_header *h = &head->header;
	struct image_part *root = &h->part[IMAGE_PART_ROOT];
	struct failure inner = { "" };
	int err = erofs_write(c->root, fd, root->off, &root->len, &inner);

	h->file_len = root->off + root->len;
	elf_head_fill(&head->elf, PITH_NOTE_IMAGE, sizeof(*h));
	return err ? failure_set(why, err, "%.300s: %.700s", output, inner.text) : 0;
}

static int write_image(int fd, const struct compose *c, const char *output, struct head *head,
		       const struct piece piece[IMAGE_MAX_PARTS], const struct mapped *stage1,
		       struct failure *why)
{
	int err = write_pieces(fd, &head->header, piece);

	if (err)
		return failure_errno(why, err, "cannot write %s", output);
	err = write_root(fd, c, output, head, why);
	if (err)
		return err;
	err = seal(fd, head, stage1, c->spec->in_place);
	if (err == -EFBIG)
		return failure_set(why, err,
				   "%s: an image for pc is loaded below 4 GiB, and this one is "
				   "larger; leave that platform out with --for kvm,process",
				   output);
	if (!err && fchmod(fd, 0644))
		err = -errno;
	return err ? failure_errno(why, err, "cannot write %s", output) : 0;
}

static int write_file(const struct compose *c, const char *output, struct head *head,
		      const struct piece piece[IMAGE_MAX_PARTS], const struct mapped *stage1,
		      struct failure *why)
{
	char temp[4200];
	struct stat st;
	int fd, err;

	if (!stat(output, &st) && !S_ISREG(st.st_mode))
		return failure_set(why, -EEXIST, "cannot write %s: it is %s", output,
				   S_ISDIR(st.st_mode) ? "a folder" : "not a regular file");

	snprintf(temp, sizeof(temp), "%s.XXXXXX", output);
	fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return failure_errno(why, -errno, "cannot write %s", output);
	err = write_image(fd, c, output, head, piece, stage1, why);
	if (close(fd) && !err)
		err = failure_errno(why, -errno, "cannot write %s", output);
	if (!err && build_interrupted())
		err = failure_set(why, -EINTR, "interrupted");
	if (!err && rename(temp, output))
		err = failure_errno(why, -errno, "cannot write %s", output);
	if (err)
		unlink(temp);
	return err;
}

int compose_image(const struct compose *c, const char *output, struct composed *out,
		  struct failure *why)
{
	const struct kernel *k = c->kernel;
	struct head head = { .header = { .version = IMAGE_VERSION, .flags = c->flags } };
	struct mapped nucleus = { 0 }, start = { 0 }, stage1 = { 0 };
	size_t manifest_len = 0;
	uint8_t *manifest = manifest_make(c, &manifest_len);
	int err = manifest ? 0 : failure_errno(why, -ENOMEM, "manifest");

	if (!err && c->nucleus)
		err = map_file(c->nucleus, &nucleus, why);
	if (!err && c->start)
		err = map_file(c->start, &start, why);
	if (!err && c->stage1)
		err = map_file(c->stage1, &stage1, why);
	if (!err) {
		struct piece piece[IMAGE_MAX_PARTS] = {
			[IMAGE_PART_NUCLEUS] = { nucleus.at, nucleus.len },
			[IMAGE_PART_TEXT] = { k->text.bytes, k->text.len },
			[IMAGE_PART_RODATA] = { k->rodata.bytes, k->rodata.len },
			[IMAGE_PART_DATA] = { k->data.bytes, k->data.len },
			[IMAGE_PART_RELOCS] = { k->relocs, k->reloc_count * sizeof(*k->relocs) },
			[IMAGE_PART_MANIFEST] = { manifest, manifest_len },
			[IMAGE_PART_SYMBOLS] = { k->symbols, k->symbols_len },
			[IMAGE_PART_START] = { start.at, start.len },
		};

		lay_out(&head.header, piece);
		place_kernel(&head.header, k);
		err = write_file(c, output, &head, piece, &stage1, why);
		out->image_len = head.header.file_len;
		out->root_len = head.header.part[IMAGE_PART_ROOT].len;
	}
	unmap(&nucleus);
	unmap(&start);
	unmap(&stage1);
	free(manifest);
	return err;
}
