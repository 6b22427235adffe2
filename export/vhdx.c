// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Ids of a VHDX file ([MS-VHDX], sections in the comments). qemu-img, which has written and closed
// it, leaves both headers, and in the log entries that are done.
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <export/bytes.h>
#include <export/container.h>
#include <export/gpt.h>
#include <image/output.h>

#define HEADERS (64u << 10)    // 2.2: headers at 64 and 128 KiB, region tables behind them
#define HEADER_STEP (64u << 10)
#define HEADER_LEN 4096
#define REGIONS (192u << 10)
#define TABLE_LEN (64u << 10)
#define LOG_MAX (64u << 20)
#define ENTRY_LEN 32

enum { ID_FILE = 16, ID_DATA, ID_DISK }; // for gpt_id()

// 2.2.3.2 and 2.6.1.2, bytes as on disk
static const uint8_t metadata_region[16] = { 0x06, 0xa2, 0x7c, 0x8b, 0x90, 0x47, 0x9a, 0x4b,
					     0xb8, 0xfe, 0x57, 0x5f, 0x05, 0x0f, 0x88, 0x6e };
static const uint8_t disk_id_item[16] = { 0xab, 0x12, 0xca, 0xbe, 0xe6, 0xb2, 0x23, 0x45,
					  0x93, 0xef, 0xc3, 0x09, 0xe0, 0x00, 0xc7, 0x46 };

static int read_all(int fd, void *p, size_t len, uint64_t at)
{
	ssize_t n = pread(fd, p, len, (off_t)at);

	return n == (ssize_t)len ? 0 : n < 0 ? -errno : -EINVAL;
}

// 2.2.2: the header with the higher sequence number is the one that counts.
static int set_headers(int fd, const uint64_t sum[2], uint64_t *log, uint32_t *log_len)
{
	static uint8_t h[2][HEADER_LEN];
	static const uint8_t none[16];
	unsigned newer;
	int err = 0;

	for (unsigned i = 0; i < 2 && !err; i++) {
		err = read_all(fd, h[i], HEADER_LEN, HEADERS + i * HEADER_STEP);
		// A log that is not done belongs to somebody who writes.
		if (!err && (memcmp(h[i], "head", 4) || memcmp(h[i] + 48, none, sizeof(none))))
			err = -EINVAL;
	}
	if (err)
		return err;
	*log_len = get32(h[0] + 68);
	*log = get64(h[0] + 72);
	newer = get64(h[1] + 8) > get64(h[0] + 8);
	for (unsigned i = 0; i < 2 && !err; i++) {
		put64(h[i] + 8, i == newer ? 2 : 1);
		gpt_id(sum, ID_FILE, h[i] + 16);
		gpt_id(sum, ID_DATA, h[i] + 32);
		put32(h[i] + 4, 0);
		put32(h[i] + 4, crc(CRC32C, h[i], HEADER_LEN));
		err = output_write(fd, h[i], HEADER_LEN, HEADERS + i * HEADER_STEP);
	}
	return err;
}

// Entries of 32 bytes behind a head, found by their first 16 bytes: of the region table (2.2.3) and
// of the metadata table (2.6.1).
static const uint8_t *find(const uint8_t *table, size_t head, uint32_t count, const uint8_t id[16])
{
	for (size_t at = head; count-- && at + ENTRY_LEN <= TABLE_LEN; at += ENTRY_LEN)
		if (!memcmp(table + at, id, 16))
			return table + at;
	return NULL;
}

// 2.6.2.3: what a guest sees as the disk's id.
static int set_disk_id(int fd, const uint64_t sum[2])
{
	static uint8_t table[TABLE_LEN];
	const uint8_t *entry;
	uint64_t region;
	uint8_t id[16];
	int err = read_all(fd, table, TABLE_LEN, REGIONS);

	entry = err ? NULL : find(table, 16, get32(table + 8), metadata_region);
	if (!entry)
		return err ? err : -EINVAL;
	region = get64(entry + 16);
	err = read_all(fd, table, TABLE_LEN, region);
	entry = err ? NULL : find(table, 32, get16(table + 10), disk_id_item);
	if (!entry)
		return err ? err : -EINVAL;
	gpt_id(sum, ID_DISK, id);
	return output_write(fd, id, sizeof(id), region + get32(entry + 16));
}

static int clear(int fd, uint64_t at, uint32_t len)
{
	uint8_t *zeros = len && len <= LOG_MAX ? calloc(1, len) : NULL;
	int err = zeros ? output_write(fd, zeros, len, at) : -EINVAL;

	free(zeros);
	return err;
}

int vhdx_set_ids(int fd, const uint64_t sum[2])
{
	uint64_t log;
	uint32_t log_len;
	int err = set_headers(fd, sum, &log, &log_len);

	if (!err)
		err = clear(fd, log, log_len);
	return err ? err : set_disk_id(fd, sum);
}
