// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Opening an image: find the note, check the sum, then check each part (monitor/image_parts.c). The
// file is hostile until all of that has passed.
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <monitor/image.h>
#include <monitor/image_priv.h>

#define MAX_HEADERS 64
#define REBUILD "build it again with `pith build`, or copy it again"

void image_sum(const uint8_t *map, size_t len, size_t at, uint64_t sum[2])
{
	static const uint8_t zeros[16];
	XXH3_state_t state;
	XXH128_hash_t h;

	XXH3_128bits_reset(&state);
	XXH3_128bits_update(&state, map, at);
	XXH3_128bits_update(&state, zeros, sizeof(zeros));
	XXH3_128bits_update(&state, map + at + sizeof(zeros), len - at - sizeof(zeros));
	h = XXH3_128bits_digest(&state);
	sum[0] = h.low64;
	sum[1] = h.high64;
}

// Looks for the note in one PT_NOTE. Gives the offset of its contents in the file, or 0.
static size_t find_in_notes(const uint8_t *map, size_t off, size_t len, size_t align, uint32_t type,
			    size_t want)
{
	size_t end = off + len, pad = (align == 8 ? 8 : 4) - 1;
	Elf64_Nhdr n;

	while (end - off >= sizeof(n)) {
		size_t name, desc;

		memcpy(&n, map + off, sizeof(n));
		name = off + sizeof(n);
		if (n.n_namesz > end - name)
			return 0;
		desc = off + ((sizeof(n) + n.n_namesz + pad) & ~pad);
		if (desc > end || n.n_descsz > end - desc)
			return 0;
		if (n.n_type == type && n.n_namesz == sizeof(PITH_NOTE_NAME) &&
		    !memcmp(map + name, PITH_NOTE_NAME, sizeof(PITH_NOTE_NAME)) &&
		    n.n_descsz >= want)
			return desc;
		off = desc + ((n.n_descsz + pad) & ~pad);
		if (off > end)
			return 0;
	}
	return 0;
}

static int check_elf(const struct image *img, Elf64_Ehdr *eh, struct failure *why)
{
	if (img->len < sizeof(*eh))
		return failure_set(why, -ENOEXEC, "%s is no image: it has only %zu bytes",
				   img->path, img->len);
	memcpy(eh, img->map, sizeof(*eh));
	if (memcmp(eh->e_ident, ELFMAG, SELFMAG))
		return failure_set(why, -ENOEXEC,
				   "%s is no image: not an ELF file; make images with `pith build`",
				   img->path);
	if (eh->e_ident[EI_CLASS] != ELFCLASS64 || eh->e_ident[EI_DATA] != ELFDATA2LSB ||
	    eh->e_machine != EM_X86_64)
		return failure_set(why, -ENOEXEC,
				   "%s is for another kind of machine: images are 64-bit x86",
				   img->path);
	if (eh->e_phentsize != sizeof(Elf64_Phdr) || eh->e_phnum > MAX_HEADERS ||
	    eh->e_phoff > img->len || eh->e_phnum * sizeof(Elf64_Phdr) > img->len - eh->e_phoff)
		return failure_set(why, -ENOEXEC,
				   "%s: program headers are damaged or cut off; " REBUILD,
				   img->path);
	return 0;
}

size_t image_find_note(const struct image *img, uint32_t type, size_t len, struct failure *why)
{
	Elf64_Ehdr eh;
	Elf64_Phdr ph;
	size_t at;

	if (check_elf(img, &eh, why))
		return 0;
	for (unsigned i = 0; i < eh.e_phnum; i++) {
		memcpy(&ph, img->map + eh.e_phoff + i * sizeof(ph), sizeof(ph));
		if (ph.p_type != PT_NOTE)
			continue;
		if (ph.p_offset > img->len || ph.p_filesz > img->len - ph.p_offset)
			return (size_t)failure_set(
				why, 0,
				"%s is cut off or damaged: a note lies behind its end; " REBUILD,
				img->path);
		at = find_in_notes(img->map, ph.p_offset, ph.p_filesz, ph.p_align, type, len);
		if (at)
			return at;
	}
	return (size_t)failure_set(why, 0, "%s is an ELF file but no image of Pith: make one of a "
				   "program with `pith build %s`", img->path, img->path);
}

int image_check_length(const struct image *img, uint64_t file_len, struct failure *why)
{
	if (file_len > img->len)
		return failure_set(why, -ENOEXEC,
				   "%s is cut off: %zu of %llu bytes are there; copy it again",
				   img->path, img->len, (unsigned long long)file_len);
	if (file_len < img->len)
		return failure_set(why, -ENOEXEC, "%s is damaged: %llu bytes too many; " REBUILD,
				   img->path, (unsigned long long)(img->len - file_len));
	return 0;
}

static int check_identity(const struct image *img, struct failure *why)
{
	const struct image_header *h = &img->header;

	if (h->version != IMAGE_VERSION)
		return failure_set(why, -ENOEXEC,
				   "%s has version %u of the image format, this pith knows %u; "
				   "build it again with this pith",
				   img->path, h->version, IMAGE_VERSION);
	return image_check_length(img, h->file_len, why);
}

static int check_sum(const struct image *img, size_t header, struct failure *why)
{
	uint64_t sum[2];

	image_sum(img->map, img->len, header + offsetof(struct image_header, sum), sum);
	if (sum[0] == img->header.sum[0] && sum[1] == img->header.sum[1])
		return 0;
	return failure_set(why, -EBADMSG, "%s is damaged: its checksum does not hold; " REBUILD,
			   img->path);
}

int image_check(struct image *img, const uint8_t *map, size_t len, bool sum, struct failure *why)
{
	size_t header;
	int r;

	img->map = map;
	img->len = len;
	header = image_find_note(img, PITH_NOTE_IMAGE, sizeof(img->header), why);
	if (!header)
		return -ENOEXEC;
	memcpy(&img->header, map + header, sizeof(img->header));
	r = check_identity(img, why);
	if (!r && sum)
		r = check_sum(img, header, why);
	if (!r)
		r = image_check_parts(img, why);
	return r;
}

static int open_file(const char *path, struct stat *st, struct failure *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0 && errno == ENOENT)
		return failure_set(why, -ENOENT,
				   "no such image: %s; make one with `pith build PROGRAM`", path);
	if (fd < 0)
		return failure_errno(why, -errno, "cannot open the image %s", path);
	if (fstat(fd, st) == 0 && S_ISREG(st->st_mode) && st->st_size > 0)
		return fd;
	failure_set(why, -ENOEXEC, "%s is no image: it is %s", path,
		    S_ISDIR(st->st_mode)   ? "a directory"
		    : S_ISREG(st->st_mode) ? "empty"
					   : "not a regular file");
	close(fd);
	return -ENOEXEC;
}

int image_open(struct image *img, const char *path, const char *memory_dir, struct failure *why)
{
	bool large, known;
	struct stat st;
	void *map;
	int r;

	memset(img, 0, sizeof(*img));
	img->fd = -1;
	if (strlen(path) >= sizeof(img->path))
		return failure_errno(why, -ENAMETOOLONG, "the image's path");
	strcpy(img->path, path);
	r = open_file(path, &st, why);
	if (r < 0)
		return r;
	img->fd = r;
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, img->fd, 0);
	if (map == MAP_FAILED) {
		r = failure_errno(why, -errno, "cannot map the image %s", path);
		image_close(img);
		return r;
	}
	img->map = map;
	img->len = img->file_len = (size_t)st.st_size;
	large = img->len > IMAGE_SUM_ALWAYS;
	known = large && memory_dir && image_sum_known(memory_dir, &st);
	r = image_unpack(img, why);
	// What was unpacked is covered by the sum of the file.
	if (r >= 0)
		r = image_check(img, img->map, img->len, !r && !known, why);
	if (r) {
		image_close(img);
	} else if (large && memory_dir && !known) {
		image_sum_remember(memory_dir, &st);
	}
	return r;
}

void image_close(struct image *img)
{
	if (img->map)
		munmap((void *)img->map, img->len);
	if (img->fd >= 0)
		close(img->fd);
	img->map = NULL;
	img->fd = -1;
}
