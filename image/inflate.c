// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// libarchive's "raw" format: one entry without a name, whose content is what the filters make of
// the bytes. Filters that would start other programs are not asked for.
#include <archive.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <image/inflate.h>
#include <image/interrupt.h>

#define AT_ONCE (256u << 10)

static la_ssize_t read_node(struct archive *a, void *arg, const void **bytes)
{
	struct inflate *in = arg;
	uint64_t left = in->node->size - in->at;
	size_t n = left < AT_ONCE ? (size_t)left : AT_ONCE;

	*bytes = in->buffer;
	in->err = build_interrupted() ? failure_set(in->why, -EINTR, "interrupted")
				      : node_read(in->node, in->fd, in->buffer, n, in->at, in->why);
	if (in->err) {
		archive_set_error(a, EIO, "read");
		return -1;
	}
	in->at += n;
	digest_add(&in->packed, in->buffer, n);
	return (la_ssize_t)n;
}

static int fail(struct inflate *in)
{
	const char *text = archive_error_string(in->archive);

	if (!in->err)
		in->err = failure_set(in->why, -EINVAL, "%.400s is cut off or damaged: %.300s",
				      in->name, text ? text : "it cannot be read");
	return in->err;
}

static void add_filters(struct archive *a)
{
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_bzip2(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_lzma(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_filter_lz4(a);
	archive_read_support_filter_lzip(a);
	archive_read_support_filter_compress(a);
	archive_read_support_format_raw(a);
}

int inflate_open(struct inflate *in, const struct node *n, const char *name, struct spool *spool,
		 const struct digest *packed, const struct digest *unpacked, struct failure *why)
{
	struct archive_entry *entry;
	int err;

	*in = (struct inflate){ .name = name, .spool = spool, .node = n, .fd = -1, .why = why };
	if (!n->size)
		return failure_set(why, -EINVAL, "%.500s is empty", name);
	if (packed)
		in->packed = *packed;
	if (unpacked)
		in->unpacked = *unpacked;
	err = node_open(n, &in->fd, why);
	if (err) {
		in->node = NULL;
		return err;
	}
	in->buffer = malloc(AT_ONCE);
	in->archive = archive_read_new();
	if (!in->buffer || !in->archive || digest_begin(&in->packed) || digest_begin(&in->unpacked))
		return failure_errno(why, -ENOMEM, "%.500s", name);
	add_filters(in->archive);
	if (archive_read_open(in->archive, in, NULL, read_node, NULL) != ARCHIVE_OK ||
	    archive_read_next_header(in->archive, &entry) != ARCHIVE_OK)
		return fail(in);
	return 0;
}

int inflate_next(struct inflate *in, const void **bytes, size_t *len)
{
	la_int64_t off;
	int r;

	do {
		r = archive_read_data_block(in->archive, bytes, len, &off);
	} while (r == ARCHIVE_OK && !*len);
	if (r == ARCHIVE_EOF)
		return 0;
	if (r != ARCHIVE_OK)
		return fail(in);
	in->total += *len;
	digest_add(&in->unpacked, *bytes, *len);
	in->err = spool_count(in->spool, *len, in->name, in->why);
	return in->err ? in->err : 1;
}

int inflate_finish(struct inflate *in)
{
	const void *bytes;
	size_t len;
	int r;

	while ((r = inflate_next(in, &bytes, &len)) > 0)
		;
	if (r)
		return r;
	while (in->at < in->node->size) // behind the end of what is compressed
		if (read_node(in->archive, in, &bytes) < 0)
			return in->err;
	if (!digest_end(&in->packed))
		return failure_set(in->why, -EBADMSG,
				   "%.500s is damaged: its digest is not what the image says",
				   in->name);
	if (!digest_end(&in->unpacked))
		return failure_set(
			in->why, -EBADMSG,
			"%.500s is damaged: the digest of what it unpacks to is not what "
			"the image says",
			in->name);
	return 0;
}

void inflate_close(struct inflate *in)
{
	if (in->archive)
		archive_read_free(in->archive);
	digest_end(&in->packed);
	digest_end(&in->unpacked);
	free(in->buffer);
	if (in->node)
		node_close(in->node, in->fd);
}
