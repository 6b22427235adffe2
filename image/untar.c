// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// libarchive reads the tar format: ustar, pax, GNU with long names, sparse files of all of them.
// What it does not do is to miss the mark of two zero blocks at the end of a tar, without which it
// has been cut off (pax(1): ustar Interchange Format).
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <image/inflate.h>
#include <image/untar.h>

#define EXTENTS_MAX (16u << 20)
#define TAR_BLOCK 512

struct reader {
	struct untar *u;
	struct inflate in;
	struct archive *archive;
	const char *name;
	struct failure *why;
	bool has_end, has_padding;
};

// A digest says more about where an archive ends than its end does.
static bool has_digest(const struct reader *r)
{
	return r->in.packed.hash || r->in.unpacked.hash;
}

// Layers without the end of a tar archive, and without the padding of the last file, come from
// umoci; they get both here.
static la_ssize_t read_bytes(struct archive *a, void *arg, const void **bytes)
{
	struct reader *r = arg;
	static const char zeros[3 * TAR_BLOCK];
	size_t len;
	int got = inflate_next(&r->in, bytes, &len);

	if (got < 0) {
		archive_set_error(a, EIO, "read");
		return -1;
	}
	if (got || !has_digest(r) || r->has_padding)
		return got ? (la_ssize_t)len : 0;
	*bytes = zeros;
	r->has_padding = true;
	return (la_ssize_t)(2 * TAR_BLOCK + (-r->in.total & (TAR_BLOCK - 1)));
}

static int damaged(struct reader *r)
{
	const char *text = archive_error_string(r->archive);

	if (r->in.err)
		return r->in.err;
	return failure_set(r->why, -EINVAL, "%.400s is cut off, damaged, or no tar archive: %.300s",
			   r->name, text ? text : "it cannot be read");
}

static int refuse(struct reader *r, int err, const char *path, const char *what)
{
	return failure_set(r->why, err, "%.300s: %.400s %s", r->name, path, what);
}

// The tree names the path; the archive that it came from is put in front.
static int in_archive(struct reader *r, int err)
{
	struct failure inner = *r->why;

	return failure_set(r->why, err, "%.300s: %.700s", r->name, inner.text);
}

static int store(struct reader *r, struct node *n, const char *path)
{
	uint64_t at = 0, next = 0, base = spool_place(r->u->spool, n->size);
	la_int64_t off;
	const void *bytes;
	size_t len;
	int got, err = 0;

	while (!err &&
	       (got = archive_read_data_block(r->archive, &bytes, &len, &off)) == ARCHIVE_OK) {
		if (off < 0 || (uint64_t)off < next || (uint64_t)off > n->size ||
		    len > n->size - (uint64_t)off)
			return refuse(r, -EINVAL, path, "has more in it than its size");
		if (!len)
			continue;
		if (n->content.extents >= EXTENTS_MAX)
			return refuse(r, -EFBIG, path, "is in too many pieces");
		err = spool_write(r->u->spool, bytes, len, base + at, r->why);
		if (!err && node_add_extent(n, r->u->spool->fd, (uint64_t)off, len, base + at))
			err = failure_errno(r->why, -ENOMEM, "%.500s", path);
		at += len;
		next = (uint64_t)off + len;
	}
	if (err)
		return err;
	return got == ARCHIVE_EOF ? 0 : damaged(r);
}

static int attr_of(struct reader *r, struct archive_entry *e, const char *path, struct attr *a)
{
	la_int64_t uid = archive_entry_uid(e), gid = archive_entry_gid(e);

	if (uid < 0 || uid > UINT32_MAX || gid < 0 || gid > UINT32_MAX)
		return refuse(r, -ERANGE, path, "has an owner that Linux cannot have");
	// The field of a tar has room for bits that no mode has; Linux's tar leaves them out, too.
	*a = (struct attr){ .mode = archive_entry_filetype(e) | (archive_entry_perm(e) & 07777),
			    .uid = (uint32_t)uid,
			    .gid = (uint32_t)gid,
			    .mtime = archive_entry_mtime(e),
			    .mtime_nsec = (uint32_t)archive_entry_mtime_nsec(e) };
	if (S_ISCHR(a->mode) || S_ISBLK(a->mode)) {
		a->major = (uint32_t)archive_entry_rdevmajor(e);
		a->minor = (uint32_t)archive_entry_rdevminor(e);
		if (a->major > 0xfff || a->minor > 0xfffff) // MAJOR and MINOR of 32 bits
			return refuse(r, -ERANGE, path, "is a device that Linux cannot have");
	}
	return 0;
}

// Extended attributes and access lists have no place in the root; it is said that there were some.
static void note_attributes(struct reader *r, struct archive_entry *e, const char *path)
{
	struct untar *u = r->u;
	const char *name = "an access list";
	const void *value;
	size_t len;
	bool some = archive_entry_acl_count(e, ARCHIVE_ENTRY_ACL_TYPE_POSIX1E) > 3;

	if (archive_entry_xattr_reset(e) > 0)
		some = archive_entry_xattr_next(e, &name, &value, &len) == ARCHIVE_OK;
	if (!some || u->attributes++)
		return;
	snprintf(u->attribute, sizeof(u->attribute), "%s", name ? name : "?");
	snprintf(u->attribute_of, sizeof(u->attribute_of), "%.127s", path);
}

static int add_node(struct reader *r, struct archive_entry *e, const char *path)
{
	const char *target = archive_entry_symlink(e);
	struct tree *t = r->u->tree;
	struct node *n;
	struct attr a;
	int err = attr_of(r, e, path, &a);

	if (err)
		return err;
	if (S_ISREG(a.mode) && (uint64_t)archive_entry_size(e) > UNTAR_FILE_MAX)
		return refuse(r, -EFBIG, path, "is larger than 4 TiB");
	if (S_ISLNK(a.mode) && (!target || !*target || strlen(target) > TREE_PATH_MAX))
		return refuse(r, -EINVAL, path, "is a link to nowhere, or to too long a path");
	err = tree_add(t, path, &a, TREE_REPLACE, &n, r->why);
	if (err)
		return in_archive(r, err);
	if (S_ISLNK(a.mode) && node_set_bytes(n, target, strlen(target)))
		return failure_errno(r->why, -ENOMEM, "%.500s", path);
	if (!S_ISREG(a.mode))
		return 0;
	n->size = (uint64_t)archive_entry_size(e);
	return store(r, n, path);
}

// .wh.NAME, .wh..wh..opq; other names with .wh..wh. are a union file system's own (OCI image
// specification, layer.md: Whiteouts).
static int whiteout(struct reader *r, const char *path, const char *name)
{
	char other[TREE_PATH_MAX + 1];
	int dir = (int)(name - path), err;

	name += 4;
	if (!strcmp(name, ".wh..opq")) {
		snprintf(other, sizeof(other), "%.*s/", dir, path);
		err = tree_hide_all(r->u->tree, other, r->why);
	} else if (!strncmp(name, ".wh.", 4)) {
		return 0;
	} else if (!*name || !strcmp(name, ".") || !strcmp(name, "..")) {
		return refuse(r, -EINVAL, path, "removes nothing that has a name");
	} else {
		snprintf(other, sizeof(other), "%.*s%s", dir, path, name);
		err = tree_hide(r->u->tree, other, r->why);
	}
	return err ? in_archive(r, err) : 0;
}

// Without the slashes at its end, which folders may have.
static int take_path(struct reader *r, struct archive_entry *e, char path[TREE_PATH_MAX + 1])
{
	const char *whole = archive_entry_pathname(e);
	size_t n = whole ? strlen(whole) : 0;

	if (!n)
		return failure_set(r->why, -EINVAL, "%.400s: an entry has no name", r->name);
	while (n > 1 && whole[n - 1] == '/')
		n--;
	if (n > TREE_PATH_MAX)
		return refuse(r, -ENAMETOOLONG, whole, "is too long a path");
	snprintf(path, TREE_PATH_MAX + 1, "%.*s", (int)n, whole);
	return 0;
}

static int add_entry(struct reader *r, struct archive_entry *e)
{
	char path[TREE_PATH_MAX + 1];
	const char *link = archive_entry_hardlink(e), *slash, *name;
	int err = take_path(r, e, path);

	if (err)
		return err;
	slash = strrchr(path, '/');
	name = slash ? slash + 1 : path;
	if (++r->u->nodes > UNTAR_NODES_MAX)
		return failure_set(r->why, -EFBIG, "%.400s has more than %u files", r->name,
				   UNTAR_NODES_MAX);
	if (r->u->whiteouts && !strncmp(name, ".wh.", 4))
		return whiteout(r, path, name);
	note_attributes(r, e, path);
	if (!link)
		return add_node(r, e, path);
	err = tree_link(r->u->tree, path, link, TREE_REPLACE, r->why);
	return err ? in_archive(r, err) : 0;
}

static int read_entries(struct reader *r)
{
	la_int64_t before = 0;
	struct archive_entry *e;
	int got, err;

	while ((got = archive_read_next_header(r->archive, &e)) == ARCHIVE_OK ||
	       got == ARCHIVE_WARN) {
		err = add_entry(r, e);
		if (err)
			return err;
		if (archive_read_data_skip(r->archive) != ARCHIVE_OK)
			return damaged(r);
		before = archive_filter_bytes(r->archive, 0);
	}
	if (got != ARCHIVE_EOF)
		return damaged(r);
	r->has_end = archive_filter_bytes(r->archive, 0) - before >= 2 * TAR_BLOCK;
	return 0;
}

static int check_end(struct reader *r)
{
	if (r->in.packed.hash || r->in.unpacked.hash || (r->has_end && !(r->in.total % TAR_BLOCK)))
		return 0;
	return failure_set(
		r->why, -EINVAL,
		"%.500s is cut off: the end of a tar archive, two blocks of zeros, is not "
		"there",
		r->name);
}

static int read_archive(struct reader *r)
{
	int err;

	r->archive = archive_read_new();
	if (!r->archive)
		return failure_errno(r->why, -ENOMEM, "%.500s", r->name);
	archive_read_support_format_tar(r->archive);
	if (archive_read_open(r->archive, r, NULL, read_bytes, NULL) != ARCHIVE_OK)
		err = damaged(r);
	else
		err = read_entries(r);
	archive_read_free(r->archive);
	if (!err)
		err = inflate_finish(&r->in);
	return err ? err : check_end(r);
}

int untar(struct untar *u, const struct node *from, const char *name, const struct digest *packed,
	  const struct digest *unpacked, struct failure *why)
{
	struct reader r = { .u = u, .name = name, .why = why };
	// Names in pax archives are UTF-8, and libarchive converts them to the locale's.
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0), was;
	int err;

	if (!utf8)
		return failure_errno(why, -errno, "the locale C.UTF-8");
	was = uselocale(utf8);
	err = inflate_open(&r.in, from, name, u->spool, packed, unpacked, why);
	if (!err)
		err = read_archive(&r);
	inflate_close(&r.in);
	uselocale(was);
	freelocale(utf8);
	return err;
}
