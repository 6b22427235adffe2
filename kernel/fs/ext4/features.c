// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What a file system may have for this to read it, and to write it; everything else is refused by
// name. Names and bits: Documentation/filesystems/ext4/super.rst.
#include <fs/ext4/priv.h>

#define INCOMPAT_KNOWN (INCOMPAT_FILETYPE | INCOMPAT_RECOVER | INCOMPAT_EXTENTS | INCOMPAT_64BIT | \
			INCOMPAT_FLEX_BG | INCOMPAT_CSUM_SEED)
#define RO_KNOWN (RO_SPARSE_SUPER | RO_LARGE_FILE | RO_HUGE_FILE | RO_GDT_CSUM | RO_DIR_NLINK | \
		  RO_EXTRA_ISIZE | RO_METADATA_CSUM)

#define RO_BIGALLOC 0x200

struct feature {
	uint32_t bit;
	const char *name;
};

static const struct feature incompat[] = {
	{ 0x1, "compression" }, { 0x8, "journal_dev" }, { 0x10, "meta_bg" }, { 0x100, "mmp" },
	{ 0x400, "ea_inode" }, { 0x1000, "dirdata" }, { 0x4000, "large_dir" },
	{ 0x8000, "inline_data" }, { 0x10000, "encrypt" }, { 0x20000, "casefold" },
};
static const struct feature ro[] = {
	{ 0x80, "snapshot" }, { 0x100, "quota" }, { 0x800, "replica" },
	{ 0x1000, "read-only" }, { 0x2000, "project" }, { 0x4000, "shared_blocks" },
	{ 0x8000, "verity" }, { 0x10000, "orphan_present (run e2fsck)" },
};

static void say(struct ext4 *fs, const struct feature *f, size_t count, uint32_t bits,
		const char *what)
{
	for (size_t i = 0; i < count; i++) {
		if (bits & f[i].bit)
			ext4_say(fs, "its feature %s is not there%s", f[i].name, what);
		bits &= ~f[i].bit;
	}
	if (bits)
		ext4_say(fs, "its features 0x%x are not known%s", bits, what);
}

// sure: the superblock is what it will be, so what it lacks is said.
int features_check(struct ext4 *fs, const struct disk_super *s, bool sure)
{
	uint32_t in = s->feature_incompat & ~INCOMPAT_KNOWN;
	uint32_t read_only = s->feature_ro_compat & ~RO_KNOWN;

	if (s->rev_level == 0)
		in = read_only = 0; // no features then
	if (in) {
		say(fs, incompat, ARRAY_LEN(incompat), in, "");
		return -EOPNOTSUPP;
	}
	// Its groups count otherwise.
	if (read_only & RO_BIGALLOC) {
		ext4_say(fs, "its feature bigalloc is not there");
		return -EOPNOTSUPP;
	}
	if (read_only && sure)
		say(fs, ro, ARRAY_LEN(ro), read_only, ": it can only be read");
	fs->journal.elsewhere = (s->feature_compat & COMPAT_HAS_JOURNAL) &&
				s->journal_inum != JOURNAL_INO;
	if (fs->journal.elsewhere && sure)
		ext4_say(fs, "its journal is on another disk: it can only be read");
	fs->readonly |= read_only || fs->journal.elsewhere;
	return 0;
}
