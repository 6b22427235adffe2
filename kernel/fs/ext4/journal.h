// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The journal on the disk, jbd2: Linux's Documentation/filesystems/ext4/journal.rst. Big-endian.
#ifndef EXT4_JOURNAL_H
#define EXT4_JOURNAL_H

#include <stddef.h>
#include <stdint.h>

#define JOURNAL_MAGIC 0xc03b3998u
enum journal_block {
	JOURNAL_DESCRIPTOR = 1,
	JOURNAL_COMMIT = 2,
	JOURNAL_SUPER_V1 = 3,
	JOURNAL_SUPER_V2 = 4,
	JOURNAL_REVOKE = 5,
};

struct journal_header {
	uint32_t magic, type, sequence;
};

#define JOURNAL_COMPAT_CHECKSUM 0x1
#define JOURNAL_REVOKES 0x1 // feature_incompat
#define JOURNAL_64BIT 0x2
#define JOURNAL_ASYNC_COMMIT 0x4
#define JOURNAL_CSUM_V2 0x8
#define JOURNAL_CSUM_V3 0x10
#define JOURNAL_FAST_COMMIT 0x20

struct journal_super {
	struct journal_header header;
	uint32_t blocksize, maxlen, first;
	uint32_t sequence, start; // of the first transaction in the log; start 0: there is none
	uint32_t error;
	uint32_t feature_compat, feature_incompat, feature_ro_compat;
	uint8_t uuid[16];
	uint32_t users, dynsuper, max_transaction, max_trans_data;
	uint8_t checksum_type, pad[3];
	uint32_t fc_blocks, head, pad2[40];
	uint32_t checksum;
	uint8_t user_list[768];
};
_Static_assert(offsetof(struct journal_super, checksum) == 0xfc, "on the disk");
_Static_assert(sizeof(struct journal_super) == 1024, "on the disk");

#define TAG_ESCAPED 1 // the block began with JOURNAL_MAGIC
#define TAG_SAME_UUID 2
#define TAG_LAST 8

struct journal_tag { // without CSUM_V3; block_hi with 64BIT only
	uint32_t block;
	uint16_t checksum, flags;
	uint32_t block_hi;
};
struct journal_tag3 { // with CSUM_V3
	uint32_t block, flags, block_hi, checksum;
};

struct journal_commit {
	struct journal_header header;
	uint8_t checksum_type, checksum_size, pad[2];
	uint32_t checksum[8];
	uint64_t sec;
	uint32_t nsec;
};
_Static_assert(offsetof(struct journal_commit, sec) == 48, "on the disk");

struct journal_revoke {
	struct journal_header header;
	uint32_t len; // bytes in use, with this header
};

#define be32(x) __builtin_bswap32(x)
#define be16(x) __builtin_bswap16(x)
#define be64(x) __builtin_bswap64(x)

#endif
