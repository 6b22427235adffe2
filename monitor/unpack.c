// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Packed images: the file is checked as a whole by its sum, then the image in it is unpacked to a
// sealed memory file, which takes the file's place. The image itself is checked afterwards like any
// other.
#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <monitor/branches.h>
#include <monitor/image_priv.h>

#define REBUILD "build it again with `pith build`, or copy it again"

static int check_header(const struct image *img, const struct packed_header *h, struct failure *why)
{
	if (h->version != IMAGE_PACKED_VERSION || h->method != IMAGE_PACKED_DEFLATE)
		return failure_set(why, -ENOEXEC,
				   "%s is packed in a way that this pith does not know (version "
				   "%u, method %u); "
				   "build it again with this pith",
				   img->path, h->version, h->method);
	if (image_check_length(img, h->file_len, why))
		return -ENOEXEC;
	if (h->off > img->len || h->len > img->len - h->off || !h->len || !h->unpacked_len ||
	    h->unpacked_len > IMAGE_PACKED_MAX)
		return failure_set(why, -ENOEXEC,
				   "%s is damaged: what is packed lies outside the file; " REBUILD,
				   img->path);
	return 0;
}

// To exactly this length.
static bool inflate(const uint8_t *in, size_t in_len, uint8_t *out, size_t out_len)
{
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	bool ok = d && libdeflate_deflate_decompress(d, in, in_len, out, out_len, NULL) ==
			       LIBDEFLATE_SUCCESS;

	libdeflate_free_decompressor(d);
	return ok;
}

static int unpack_to(const struct image *img, const struct packed_header *h, int fd,
		     struct failure *why)
{
	uint8_t *to;
	bool ok;

	if (ftruncate(fd, (off_t)h->unpacked_len))
		return failure_errno(why, -errno, "cannot unpack %s", img->path);
	to = mmap(NULL, h->unpacked_len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
	if (to == MAP_FAILED)
		return failure_errno(why, -errno, "cannot unpack %s", img->path);
	ok = inflate(img->map + h->off, h->len, to, h->unpacked_len);
	if (ok)
		branches_to_distances(to, h->unpacked_len);
	munmap(to, h->unpacked_len);
	if (!ok)
		return failure_set(why, -EBADMSG, "%s is damaged: it does not unpack; " REBUILD,
				   img->path);
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL))
		return failure_errno(why, -errno, "cannot seal the unpacked %s", img->path);
	return 0;
}

// The memory file in place of the file. What was there is let go.
static int replace(struct image *img, int fd, size_t len, struct failure *why)
{
	void *map = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);

	if (map == MAP_FAILED)
		return failure_errno(why, -errno, "cannot map the unpacked %s", img->path);
	munmap((void *)img->map, img->len);
	close(img->fd);
	img->fd = fd;
	img->map = map;
	img->len = len;
	return 0;
}

int image_unpack(struct image *img, struct failure *why)
{
	struct failure other;
	size_t at = image_find_note(img, PITH_NOTE_PACKED, sizeof(struct packed_header), &other);
	struct packed_header h;
	uint64_t sum[2];
	int fd, err;

	if (!at)
		return 0;
	memcpy(&h, img->map + at, sizeof(h));
	err = check_header(img, &h, why);
	if (err)
		return err;
	image_sum(img->map, img->len, at + offsetof(struct packed_header, sum), sum);
	if (sum[0] != h.sum[0] || sum[1] != h.sum[1])
		return failure_set(why, -EBADMSG,
				   "%s is damaged: its checksum does not hold; " REBUILD,
				   img->path);
	fd = memfd_create("pith-image", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return failure_errno(why, -errno, "cannot unpack %s", img->path);
	err = unpack_to(img, &h, fd, why);
	if (!err)
		err = replace(img, fd, h.unpacked_len, why);
	if (err)
		close(fd);
	return err ? err : 1;
}
