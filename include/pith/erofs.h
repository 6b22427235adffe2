// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// EROFS on disk, the uncompressed part of it: what the builder writes (image/erofs_*.c) and the
// library OS reads in place (kernel/fs/erofs.c). As Linux documents it
// (Documentation/filesystems/erofs.rst, fs/erofs/erofs_fs.h).
//
// A superblock at 1024; inodes in slots of 32 bytes, compact or extended, anywhere in the area that
// begins at meta_block; data plain in blocks, or with its tail right behind the inode ("inline",
// and then in the inode's block), or in chunks found through a table there. Directories are blocks
// of sorted entries followed by their names, and the blocks are sorted too. All integers are
// little-endian.
#ifndef PITH_EROFS_H
#define PITH_EROFS_H

#include <stdint.h>

#define EROFS_BLOCK 4096u
#define EROFS_SLOT 32u // a nid counts these, from meta_block on
#define EROFS_SUPER_OFFSET 1024
#define EROFS_SUPER_MAGIC 0xe0f5e1e2u

#define EROFS_COMPAT_MTIME 0x2	       // the times of inodes are mtimes
#define EROFS_FEATURE_ZERO_PADDING 0x1 // of compressed data: concerns nobody here
#define EROFS_FEATURE_CHUNKED_FILE 0x4

struct erofs_disk_super {
	uint32_t magic, checksum, feature_compat;
	uint8_t block_bits, ext_slots;
	uint16_t root_nid;
	uint64_t inodes, build_time; // build_time: mtime of compact inodes
	uint32_t build_time_nsec, blocks, meta_block, xattr_block;
	uint8_t uuid[16], volume_name[16];
	uint32_t feature_incompat;
	uint16_t compression, extra_devices, device_table_slot;
	uint8_t dir_block_bits, xattr_prefixes;
	uint8_t rest[32];
};
_Static_assert(sizeof(struct erofs_disk_super) == 128, "erofs_fs.h: struct erofs_super_block");

// format: bit 0 is set in extended inodes; the layout is above it. addr: first block of the data,
// number of a device (as in struct stat of Linux, 32 bits), or EROFS_CHUNK_*.
struct erofs_disk_compact {
	uint16_t format, xattr_count, mode, nlink;
	uint32_t size, reserved, addr, ino;
	uint16_t uid, gid;
	uint32_t reserved2;
};
_Static_assert(sizeof(struct erofs_disk_compact) == 32, "erofs_fs.h: struct erofs_inode_compact");

struct erofs_disk_extended {
	uint16_t format, xattr_count, mode, reserved;
	uint64_t size;
	uint32_t addr, ino, uid, gid;
	uint64_t mtime;
	uint32_t mtime_nsec, nlink;
	uint8_t reserved2[16];
};
_Static_assert(sizeof(struct erofs_disk_extended) == 64, "erofs_fs.h: struct erofs_inode_extended");

struct erofs_disk_dirent {
	uint64_t nid;
	uint16_t name_off;
	uint8_t type, reserved; // type: EROFS_FT_*
} __attribute__((packed));
_Static_assert(sizeof(struct erofs_disk_dirent) == 12, "erofs_fs.h: struct erofs_dirent");

enum { EROFS_LAYOUT_PLAIN = 0, EROFS_LAYOUT_INLINE = 2, EROFS_LAYOUT_CHUNKS = 4 };
#define EROFS_CHUNK_BITS 0x1f	 // log2 of a chunk's blocks
#define EROFS_CHUNK_INDEXES 0x20 // table entries of 8 bytes, the block in the last 4; else of 4
#define EROFS_CHUNK_HOLE 0xffffffffu

enum erofs_file_type {
	EROFS_FT_REG = 1,
	EROFS_FT_DIR,
	EROFS_FT_CHR,
	EROFS_FT_BLK,
	EROFS_FT_FIFO,
	EROFS_FT_SOCK,
	EROFS_FT_LNK,
};

#endif
