// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What ext2, ext3 and ext4 have on the disk: Linux's Documentation/filesystems/ext4 ("super",
// "group_descr", "inodes", "ifork", "directory", "attributes", "orphan"). Little-endian, as the
// only processor that this runs on.
#ifndef EXT4_DISK_H
#define EXT4_DISK_H

#include <stddef.h>
#include <stdint.h>

#define SUPER_OFFSET 1024
#define SUPER_MAGIC 0xef53
#define ROOT_INO 2
#define JOURNAL_INO 8

// disk_super.state
#define STATE_VALID 0x1 // unmounted cleanly
#define STATE_ERRORS 0x2

// feature_compat: unknown ones do no harm.
#define COMPAT_HAS_JOURNAL 0x4
#define COMPAT_DIR_INDEX 0x20
#define COMPAT_SPARSE_SUPER2 0x200
// feature_incompat
#define INCOMPAT_FILETYPE 0x2
#define INCOMPAT_RECOVER 0x4
#define INCOMPAT_EXTENTS 0x40
#define INCOMPAT_64BIT 0x80
#define INCOMPAT_FLEX_BG 0x200
#define INCOMPAT_CSUM_SEED 0x2000
// feature_ro_compat
#define RO_SPARSE_SUPER 0x1
#define RO_LARGE_FILE 0x2
#define RO_HUGE_FILE 0x8
#define RO_GDT_CSUM 0x10
#define RO_DIR_NLINK 0x20
#define RO_EXTRA_ISIZE 0x40
#define RO_METADATA_CSUM 0x400

struct disk_super {
	uint32_t inodes_count, blocks_count_lo, r_blocks_count_lo, free_blocks_count_lo;
	uint32_t free_inodes_count, first_data_block, log_block_size, log_cluster_size;
	uint32_t blocks_per_group, clusters_per_group, inodes_per_group, mtime;
	uint32_t wtime;
	uint16_t mnt_count, max_mnt_count, magic, state, errors, minor_rev_level;
	uint32_t lastcheck, checkinterval, creator_os, rev_level;
	uint16_t def_resuid, def_resgid;
	uint32_t first_ino;
	uint16_t inode_size, block_group_nr;
	uint32_t feature_compat, feature_incompat, feature_ro_compat;
	uint8_t uuid[16];
	char volume_name[16], last_mounted[64];
	uint32_t algorithm_usage_bitmap;
	uint8_t prealloc_blocks, prealloc_dir_blocks;
	uint16_t reserved_gdt_blocks;
	uint8_t journal_uuid[16];
	uint32_t journal_inum, journal_dev, last_orphan, hash_seed[4];
	uint8_t def_hash_version, jnl_backup_type;
	uint16_t desc_size;
	uint32_t default_mount_opts, first_meta_bg, mkfs_time, jnl_blocks[17];
	uint32_t blocks_count_hi, r_blocks_count_hi, free_blocks_count_hi;
	uint16_t min_extra_isize, want_extra_isize;
	uint32_t flags;
	uint16_t raid_stride, mmp_interval;
	uint64_t mmp_block;
	uint32_t raid_stripe_width;
	uint8_t log_groups_per_flex, checksum_type, pad1[2];
	uint8_t history[0xd4]; // written kilobytes, snapshots, errors, mount options
	uint32_t backup_bgs[2];
	uint8_t encryption[20];
	uint32_t lpf_ino, prj_quota_inum, checksum_seed;
	uint8_t pad2[0x188];
	uint32_t checksum;
};
_Static_assert(offsetof(struct disk_super, feature_compat) == 0x5c, "on the disk");
_Static_assert(offsetof(struct disk_super, last_orphan) == 0xe8, "on the disk");
_Static_assert(offsetof(struct disk_super, desc_size) == 0xfe, "on the disk");
_Static_assert(offsetof(struct disk_super, blocks_count_hi) == 0x150, "on the disk");
_Static_assert(offsetof(struct disk_super, checksum_type) == 0x175, "on the disk");
_Static_assert(offsetof(struct disk_super, backup_bgs) == 0x24c, "on the disk");
_Static_assert(offsetof(struct disk_super, checksum_seed) == 0x270, "on the disk");
_Static_assert(offsetof(struct disk_super, checksum) == 0x3fc, "on the disk");
_Static_assert(sizeof(struct disk_super) == 1024, "on the disk");

#define SUPER_FLAG_UNSIGNED_HASH 0x2 // disk_super.flags: names are hashed as unsigned char
#define GROUP_INODE_UNINIT 0x1 // the inode bitmap is all free, and not on the disk
#define GROUP_BLOCK_UNINIT 0x2 // the block bitmap follows from the layout, and is not on the disk

struct disk_group {
	uint32_t block_bitmap_lo, inode_bitmap_lo, inode_table_lo;
	uint16_t free_blocks_lo, free_inodes_lo, used_dirs_lo, flags;
	uint32_t exclude_bitmap_lo;
	uint16_t block_bitmap_csum_lo, inode_bitmap_csum_lo, itable_unused_lo, checksum;
	// 64bit:
	uint32_t block_bitmap_hi, inode_bitmap_hi, inode_table_hi;
	uint16_t free_blocks_hi, free_inodes_hi, used_dirs_hi, itable_unused_hi;
	uint32_t exclude_bitmap_hi;
	uint16_t block_bitmap_csum_hi, inode_bitmap_csum_hi;
	uint32_t reserved;
};
#define GROUP_OLD_SIZE 32
_Static_assert(offsetof(struct disk_group, checksum) == 0x1e, "on the disk");
_Static_assert(offsetof(struct disk_group, block_bitmap_hi) == GROUP_OLD_SIZE, "on the disk");
_Static_assert(sizeof(struct disk_group) == 64, "on the disk");

// disk_inode.flags
#define INODE_SYNC 0x8
#define INODE_IMMUTABLE 0x10
#define INODE_APPEND 0x20
#define INODE_INDEX 0x1000
#define INODE_HUGE_FILE 0x40000 // blocks counts blocks, not sectors
#define INODE_EXTENTS 0x80000
#define INODE_UNKNOWN 0x50300a00 // compressed, encrypted, verity, EA inode, inline data, casefold:
				 // 0x200, 0x800, 0x100000, 0x200000, 0x10000000, 0x40000000

#define INODE_OLD_SIZE 128
#define INODE_BLOCKS 15
#define INODE_DIRECT 12

struct disk_inode {
	uint16_t mode, uid_lo;
	uint32_t size_lo, atime, ctime, mtime, dtime;
	uint16_t gid_lo, links;
	uint32_t blocks_lo, flags, version;
	uint32_t block[INODE_BLOCKS];
	uint32_t generation, file_acl_lo, size_hi, faddr;
	uint16_t blocks_hi, file_acl_hi, uid_hi, gid_hi, checksum_lo, reserved;
	// Inodes larger than INODE_OLD_SIZE, as far as extra_isize says:
	uint16_t extra_isize, checksum_hi;
	uint32_t ctime_extra, mtime_extra, atime_extra, crtime, crtime_extra, version_hi, projid;
};
_Static_assert(offsetof(struct disk_inode, block) == 0x28, "on the disk");
_Static_assert(offsetof(struct disk_inode, checksum_lo) == 0x7c, "on the disk");
_Static_assert(offsetof(struct disk_inode, extra_isize) == INODE_OLD_SIZE, "on the disk");
_Static_assert(sizeof(struct disk_inode) == 160, "on the disk");

#define EXTENT_MAGIC 0xf30a
#define EXTENT_DEPTH_MAX 5
#define EXTENT_LEN_MAX 32768u // larger: not written yet, and so much shorter

struct extent_header {
	uint16_t magic, entries, max, depth;
	uint32_t generation;
};
struct extent { // in leaves
	uint32_t block;
	uint16_t len, start_hi;
	uint32_t start_lo;
};
struct extent_index {
	uint32_t block, leaf_lo;
	uint16_t leaf_hi, unused;
};
_Static_assert(sizeof(struct extent) == 12 && sizeof(struct extent_index) == 12, "on the disk");

struct disk_dirent {
	uint32_t inode;
	uint16_t rec_len;
	uint8_t name_len, file_type;
	char name[];
};
#define DIRENT_SIZE(name_len) (((name_len) + 8u + 3u) & ~3u)
#define DIR_TAIL 12u // a nameless entry of type 0xde at the end of a block: its last word is the
		     // checksum
#define DIR_TAIL_TYPE 0xde

#define XATTR_MAGIC 0xea020000
struct xattr_header {
	uint32_t magic, refcount, blocks, hash, checksum, reserved[3];
};

#endif
