// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The file: ELF header, program headers and note; then what is copied when it is loaded, without
// padding; then, each on a page, what is mapped in place: text, constants, root.
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <image/compose.h>
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

struct note {
	Elf64_Nhdr nhdr;
	char name[12]; // "Pith", padded so that the header is aligned to 8 (System V ABI, chapter
		       // 5: note section)
	struct image_header header;
};

struct head {
	Elf64_Ehdr eh;
	Elf64_Phdr ph[5]; // note, text, rodata, data, root
	struct note note;
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

static void lay_out(struct image_header *h, const struct piece piece[IMAGE_MAX_PARTS])
{
	static const enum image_part_kind order[] = { IMAGE_PART_MANIFEST, IMAGE_PART_RELOCS,
						      IMAGE_PART_SYMBOLS,  IMAGE_PART_NUCLEUS,
						      IMAGE_PART_DATA,	   IMAGE_PART_TEXT,
						      IMAGE_PART_RODATA,   IMAGE_PART_ROOT };
	enum { FIRST_IN_PLACE = 5 };
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

static Elf64_Phdr load_phdr(const struct image_part *p, uint32_t flags)
{
	uint64_t va = p->va ? p->va : p->off;

	return (Elf64_Phdr){ .p_type = PT_LOAD,
			     .p_flags = flags,
			     .p_offset = p->off,
			     .p_vaddr = va,
			     .p_paddr = va,
			     .p_filesz = p->len,
			     .p_memsz = p->mem_len ? p->mem_len : p->len,
			     .p_align = 1 };
}

static void write_head(struct head *head)
{
	const struct image_header *h = &head->note.header;

	memcpy(head->eh.e_ident, ELFMAG, SELFMAG);
	head->eh.e_ident[EI_CLASS] = ELFCLASS64;
	head->eh.e_ident[EI_DATA] = ELFDATA2LSB;
	head->eh.e_ident[EI_VERSION] = EV_CURRENT;
	head->eh.e_type = ET_DYN;
	head->eh.e_machine = EM_X86_64;
	head->eh.e_version = EV_CURRENT;
	head->eh.e_entry = h->entry;
	head->eh.e_phoff = offsetof(struct head, ph);
	head->eh.e_ehsize = sizeof(Elf64_Ehdr);
	head->eh.e_phentsize = sizeof(Elf64_Phdr);
	head->eh.e_phnum = 5;
	head->ph[0] = (Elf64_Phdr){ .p_type = PT_NOTE,
				    .p_flags = PF_R,
				    .p_offset = offsetof(struct head, note),
				    .p_filesz = sizeof(struct note),
				    .p_memsz = sizeof(struct note),
				    .p_align = 8 };
	head->ph[1] = load_phdr(&h->part[IMAGE_PART_TEXT], PF_R | PF_X);
	head->ph[2] = load_phdr(&h->part[IMAGE_PART_RODATA], PF_R);
	head->ph[3] = load_phdr(&h->part[IMAGE_PART_DATA], PF_R | PF_W);
	head->ph[4] = load_phdr(&h->part[IMAGE_PART_ROOT], PF_R);
	head->note.nhdr = (Elf64_Nhdr){ sizeof(PITH_NOTE_NAME), sizeof(struct image_header),
					PITH_NOTE_IMAGE };
	memcpy(head->note.name, PITH_NOTE_NAME, sizeof(PITH_NOTE_NAME));
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

// The whole file but its head is there: sums it, writes the head, and packs it if it is small.
static int seal(int fd, struct head *head, bool in_place)
{
	struct image_header *h = &head->note.header;
	size_t len = h->file_len, packed_len;
	uint8_t *map, *packed = NULL;
	int err = output_write(fd, head, sizeof(*head), 0);

	if (err)
		return err;
	map = mmap(NULL, len, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	image_sum(map, len, offsetof(struct head, note.header.sum), h->sum);
	err = output_write(fd, head, sizeof(*head), 0);
	if (!err && !in_place && len <= PACK_UP_TO)
		packed = pack_image(map, len, &packed_len);
	munmap(map, len);
	if (packed && ftruncate(fd, 0))
		err = -errno;
	if (packed && !err)
		err = output_write(fd, packed, packed_len, 0);
	free(packed);
	return err;
}

static int write_root(int fd, const struct compose *c, const char *output, struct head *head,
		      struct failure *why)
{
	struct image_header *h = &head->note.header;
	struct image_part *root = &h->part[IMAGE_PART_ROOT];
	struct failure inner = { "" };
	int err = erofs_write(c->root, fd, root->off, &root->len, &inner);

	h->file_len = root->off + root->len;
	write_head(head);
	return err ? failure_set(why, err, "%.300s: %.700s", output, inner.text) : 0;
}

static int write_image(int fd, const struct compose *c, const char *output, struct head *head,
		       const struct piece piece[IMAGE_MAX_PARTS], struct failure *why)
{
	int err = write_pieces(fd, &head->note.header, piece);

	if (err)
		return failure_errno(why, err, "cannot write %s", output);
	err = write_root(fd, c, output, head, why);
	if (err)
		return err;
	err = seal(fd, head, c->spec->in_place);
	if (!err && fchmod(fd, 0644))
		err = -errno;
	return err ? failure_errno(why, err, "cannot write %s", output) : 0;
}

static int write_file(const struct compose *c, const char *output, struct head *head,
		      const struct piece piece[IMAGE_MAX_PARTS], struct failure *why)
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
	err = write_image(fd, c, output, head, piece, why);
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
	struct head head = { .note.header = { .version = IMAGE_VERSION, .flags = c->flags } };
	struct mapped nucleus = { 0 };
	size_t manifest_len = 0;
	uint8_t *manifest = manifest_make(c, &manifest_len);
	int err = manifest ? 0 : failure_errno(why, -ENOMEM, "manifest");

	if (!err && c->nucleus)
		err = map_file(c->nucleus, &nucleus, why);
	if (!err) {
		struct piece piece[IMAGE_MAX_PARTS] = {
			[IMAGE_PART_NUCLEUS] = { nucleus.at, nucleus.len },
			[IMAGE_PART_TEXT] = { k->text.bytes, k->text.len },
			[IMAGE_PART_RODATA] = { k->rodata.bytes, k->rodata.len },
			[IMAGE_PART_DATA] = { k->data.bytes, k->data.len },
			[IMAGE_PART_RELOCS] = { k->relocs, k->reloc_count * sizeof(*k->relocs) },
			[IMAGE_PART_MANIFEST] = { manifest, manifest_len },
			[IMAGE_PART_SYMBOLS] = { k->symbols, k->symbols_len },
		};

		lay_out(&head.note.header, piece);
		place_kernel(&head.note.header, k);
		err = write_file(c, output, &head, piece, why);
		out->image_len = head.note.header.file_len;
		out->root_len = head.note.header.part[IMAGE_PART_ROOT].len;
	}
	if (nucleus.len)
		munmap(nucleus.at, nucleus.len);
	free(manifest);
	return err;
}
