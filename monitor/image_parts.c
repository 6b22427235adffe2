// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What struct image_header and the manifest say, checked field by field. All arithmetic is in the
// form "length <= limit - start", which cannot overflow once start <= limit is known.
#include <errno.h>
#include <string.h>

#include <monitor/image_priv.h>

#define KERNEL_MAX (64ul << 20)  // address space of a library OS
#define NUCLEUS_MAX (1ul << 20)
#define LIST_MAX 65536
#define PORTS_MAX 1024
#define MEMORY_MAX (1ull << 46)
#define SIGNAL_MAX 64 // signal(7): Real-time signals
#define KNOWN_FLAGS (IMAGE_F_WX | IMAGE_F_KVM | IMAGE_F_PROCESS | IMAGE_F_PC | IMAGE_F_NET | \
		     IMAGE_F_VOLUMES | IMAGE_F_DISKS)
#define START_MAX (1ul << 20)
#define EROFS_SUPER_OFFSET 1024      // Linux: fs/erofs/erofs_fs.h
#define EROFS_SUPER_MAGIC 0xE0F5E1E2u

static const char *const part_name[IMAGE_MAX_PARTS] = {
	"nucleus", "text", "rodata", "data", "relocations", "manifest", "symbols", "root",
	"start-up code",
};

static int damaged(const struct image *img, struct failure *why, const char *what)
{
	return failure_set(why, -ENOEXEC,
			   "%s is damaged: %s; build it again with `pith build`, or copy it again",
			   img->path, what);
}

static int damaged_part(const struct image *img, struct failure *why, unsigned kind,
			const char *what)
{
	return failure_set(why, -ENOEXEC, "%s is damaged: its part `%s` %s; build it again with "
			   "`pith build`, or copy it again", img->path, part_name[kind], what);
}

static bool in_kernel(unsigned kind)
{
	return kind == IMAGE_PART_TEXT || kind == IMAGE_PART_RODATA || kind == IMAGE_PART_DATA;
}

static bool page_aligned(uint64_t x)
{
	return (x & (IMAGE_PAGE - 1)) == 0;
}

static uint64_t page_up(uint64_t x)
{
	return (x + IMAGE_PAGE - 1) & ~(uint64_t)(IMAGE_PAGE - 1);
}

static int check_part(const struct image *img, unsigned kind, struct failure *why)
{
	const struct image_part *p = image_part(img, kind);

	if (p->off > img->len || p->len > img->len - p->off)
		return damaged_part(img, why, kind, "lies outside the file");
	if ((kind == IMAGE_PART_TEXT || kind == IMAGE_PART_RODATA || kind == IMAGE_PART_ROOT) &&
	    !page_aligned(p->off))
		return damaged_part(img, why, kind, "does not begin on a page");
	if (!in_kernel(kind))
		return 0;
	if (!page_aligned(p->va) || p->mem_len < p->len || p->va > KERNEL_MAX ||
	    p->mem_len > KERNEL_MAX - p->va)
		return damaged_part(img, why, kind, "has an impossible place in memory");
	if (kind != IMAGE_PART_DATA && page_up(p->mem_len) != page_up(p->len))
		return damaged_part(img, why, kind, "is longer in memory than in the file");
	return 0;
}

static bool overlap(uint64_t a, uint64_t a_len, uint64_t b, uint64_t b_len)
{
	return a_len && b_len && a < b + b_len && b < a + a_len;
}

// Two parts share no byte of the file, and two of the library OS no page of memory.
static int check_overlaps(const struct image *img, struct failure *why)
{
	for (unsigned i = 0; i < IMAGE_MAX_PARTS; i++) {
		for (unsigned k = i + 1; k < IMAGE_MAX_PARTS; k++) {
			const struct image_part *a = image_part(img, i), *b = image_part(img, k);

			if (overlap(a->off, a->len, b->off, b->len))
				return damaged_part(img, why, k, "overlaps another in the file");
			if (in_kernel(i) && in_kernel(k) &&
			    overlap(a->va, page_up(a->mem_len), b->va, page_up(b->mem_len)))
				return damaged_part(img, why, k, "overlaps another in memory");
		}
	}
	return 0;
}

static int check_entries(const struct image *img, struct failure *why)
{
	const struct image_header *h = &img->header;
	const struct image_part *text = image_part(img, IMAGE_PART_TEXT);
	const uint64_t entries[] = { h->entry, h->syscall_entry, h->trap_entry };

	for (unsigned i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
		if (entries[i] < text->va || entries[i] - text->va >= text->len)
			return damaged(img, why,
				       "an entry point lies outside the library OS's code");
	}
	return 0;
}

static int check_relocs(const struct image *img, struct failure *why)
{
	const struct image_part *p = image_part(img, IMAGE_PART_RELOCS);
	const struct image_part *data = image_part(img, IMAGE_PART_DATA);
	const uint8_t *bytes = image_bytes(img, IMAGE_PART_RELOCS);

	if (p->len % sizeof(struct image_reloc))
		return damaged_part(img, why, IMAGE_PART_RELOCS, "has an odd length");
	for (uint64_t at = 0; at < p->len; at += sizeof(struct image_reloc)) {
		struct image_reloc r;

		memcpy(&r, bytes + at, sizeof(r));
		if (r.va < data->va || data->len < sizeof(uint64_t) ||
		    r.va - data->va > data->len - sizeof(uint64_t))
			return damaged_part(img, why, IMAGE_PART_RELOCS, "points outside the data");
	}
	return 0;
}

static int check_root(const struct image *img, struct failure *why)
{
	const struct image_part *p = image_part(img, IMAGE_PART_ROOT);
	uint32_t magic;

	if (p->len < EROFS_SUPER_OFFSET + 128)
		return damaged_part(img, why, IMAGE_PART_ROOT, "is too short");
	memcpy(&magic, image_bytes(img, IMAGE_PART_ROOT) + EROFS_SUPER_OFFSET, sizeof(magic));
	if (magic != EROFS_SUPER_MAGIC)
		return damaged_part(img, why, IMAGE_PART_ROOT, "is not an EROFS file system");
	return 0;
}

int image_check_parts(struct image *img, struct failure *why)
{
	const struct image_header *h = &img->header;
	uint64_t nucleus = h->part[IMAGE_PART_NUCLEUS].len, start = h->part[IMAGE_PART_START].len;
	int r;

	if (h->flags & ~KNOWN_FLAGS)
		return failure_set(why, -ENOEXEC,
				   "%s needs features (flags 0x%x) that this pith does not know; "
				   "use a newer pith",
				   img->path, h->flags & ~KNOWN_FLAGS);
	if (!(h->flags & (IMAGE_F_KVM | IMAGE_F_PROCESS | IMAGE_F_PC)))
		return damaged(img, why, "it names no platform");
	for (unsigned kind = 0; kind < IMAGE_MAX_PARTS; kind++) {
		r = check_part(img, kind, why);
		if (r)
			return r;
	}
	if (nucleus > NUCLEUS_MAX || (!nucleus && (h->flags & (IMAGE_F_KVM | IMAGE_F_PC))))
		return damaged_part(img, why, IMAGE_PART_NUCLEUS, "has an impossible length");
	if (start > START_MAX || (!start && (h->flags & IMAGE_F_PC)))
		return damaged_part(img, why, IMAGE_PART_START, "has an impossible length");
	r = check_overlaps(img, why);
	if (!r)
		r = check_entries(img, why);
	if (!r)
		r = check_relocs(img, why);
	if (!r)
		r = check_root(img, why);
	if (!r)
		r = image_check_manifest(img, why);
	return r;
}

// Does a string begin at `off` and end inside the manifest? Gives the offset behind its NUL, or 0.
static uint64_t string_end(const struct manifest *m, uint64_t off)
{
	const char *base = (const char *)m, *nul;

	if (off < sizeof(*m) || off >= m->len)
		return 0;
	nul = memchr(base + off, 0, m->len - off);
	return nul ? (uint64_t)(nul - base) + 1 : 0;
}

static bool list_ok(const struct manifest *m, struct manifest_list list)
{
	uint64_t at = list.off;

	if (list.count > LIST_MAX)
		return false;
	for (uint32_t i = 0; i < list.count; i++) {
		at = string_end(m, at);
		if (!at)
			return false;
	}
	return true;
}

static bool ports_ok(const struct manifest *m)
{
	const struct manifest_port *port = (const void *)((const char *)m + m->ports);

	if (!m->port_count)
		return true;
	if (m->port_count > PORTS_MAX || m->ports < sizeof(*m) || m->ports > m->len ||
	    m->ports % 2 || m->port_count * sizeof(*port) > m->len - m->ports)
		return false;
	for (uint32_t i = 0; i < m->port_count; i++) {
		if (!port[i].guest || port[i].udp > 1)
			return false;
	}
	return true;
}

int image_check_manifest(struct image *img, struct failure *why)
{
	const struct image_part *p = image_part(img, IMAGE_PART_MANIFEST);
	const struct manifest *m = (const void *)image_bytes(img, IMAGE_PART_MANIFEST);

	if (p->off % 8 || p->len < sizeof(*m) || m->len < sizeof(*m) || m->len > p->len)
		return damaged_part(img, why, IMAGE_PART_MANIFEST, "has a wrong length");
	if (!string_end(m, m->program) || !string_end(m, m->cwd) || !string_end(m, m->name) ||
	    (m->net_name && !string_end(m, m->net_name)))
		return damaged_part(img, why, IMAGE_PART_MANIFEST, "has a string without end");
	if (!list_ok(m, m->args) || !list_ok(m, m->env) || !list_ok(m, m->calls))
		return damaged_part(img, why, IMAGE_PART_MANIFEST, "has a list without end");
	if (!ports_ok(m))
		return damaged_part(img, why, IMAGE_PART_MANIFEST, "has impossible ports");
	if (m->net > MANIFEST_NET_NAMED || m->memory > MEMORY_MAX || !m->args_kept ||
	    m->args_kept > m->args.count || m->stop_signal > SIGNAL_MAX)
		return damaged_part(img, why, IMAGE_PART_MANIFEST, "has impossible values");
	img->manifest = m;
	return 0;
}

const char *image_string(const struct image *img, uint32_t off)
{
	return off ? (const char *)img->manifest + off : "";
}
