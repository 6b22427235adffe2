// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
#include <export/bytes.h>
#include <export/gpt.h>
#include <image/output.h>

#define ENTRIES 128 // the least there may be room for
#define ENTRY 128
#define HEADER 92

// 21686148-6449-6e6f-744e-656564454649, which is "Hah!IdontNeedEFI" (GRUB manual, 3.4)
const uint8_t gpt_bios_boot[16] = "Hah!IdontNeedEFI";
// c12a7328-f81f-11d2-ba4b-00a0c93ec93b (UEFI 2.10, table 5.7)
const uint8_t gpt_efi_system[16] = { 0x28, 0x73, 0x2a, 0xc1, 0x1f, 0xf8, 0xd2, 0x11,
				     0xba, 0x4b, 0x00, 0xa0, 0xc9, 0x3e, 0xc9, 0x3b };

void gpt_id(const uint64_t sum[2], unsigned which, uint8_t id[16])
{
	// An odd factor keeps sums apart, the addend ids of one sum.
	put64(id, sum[0] * 0x9e3779b97f4a7c15ull + which);
	put64(id + 8, sum[1]);
	id[7] = (uint8_t)((id[7] & 0xf) | 0x80);
	id[8] = (uint8_t)((id[8] & 0x3f) | 0x80);
}

static void fill_mbr(const struct gpt *g, uint8_t s[GPT_SECTOR])
{
	uint64_t rest = g->sectors - 1;
	uint8_t *p = s + 446;

	memcpy(s, g->boot, sizeof(g->boot));
	p[2] = 2;    // starting at head 0, track 0, sector 2
	p[4] = 0xee; // a GPT is on this disk
	memset(p + 5, 0xff, 3);
	put32(p + 8, 1);
	put32(p + 12, rest > 0xffffffff ? 0xffffffff : (uint32_t)rest);
	put16(s + 510, 0xaa55);
}

static void fill_entries(const struct gpt *g, uint8_t *table)
{
	for (unsigned i = 0; i < 2; i++) {
		const struct gpt_partition *part = &g->partition[i];
		uint8_t *e = table + i * ENTRY;

		memcpy(e, part->type, 16);
		gpt_id(g->sum, i + 1, e + 16);
		put64(e + 32, part->first);
		put64(e + 40, part->last);
		for (unsigned c = 0; part->name[c]; c++)
			put16(e + 56 + 2 * c, (uint8_t)part->name[c]);
	}
}

static void fill_header(const struct gpt *g, const uint8_t *table, uint64_t here, uint64_t other,
			uint64_t entries, uint8_t s[GPT_SECTOR])
{
	memcpy(s, "EFI PART", 8);
	put32(s + 8, 0x10000); // revision 1.0
	put32(s + 12, HEADER);
	put64(s + 24, here);
	put64(s + 32, other);
	put64(s + 40, GPT_HEAD);
	put64(s + 48, g->sectors - GPT_TAIL - 1);
	gpt_id(g->sum, 0, s + 56);
	put64(s + 72, entries);
	put32(s + 80, ENTRIES);
	put32(s + 84, ENTRY);
	put32(s + 88, crc(CRC32, table, ENTRIES * ENTRY));
	put32(s + 16, crc(CRC32, s, HEADER));
}

int gpt_write(const struct gpt *g, int fd)
{
	uint8_t head[GPT_HEAD * GPT_SECTOR] = { 0 }, tail[GPT_TAIL * GPT_SECTOR] = { 0 };
	uint8_t *table = head + 2 * GPT_SECTOR;
	uint64_t last = g->sectors - 1;
	int err;

	fill_mbr(g, head);
	fill_entries(g, table);
	fill_header(g, table, 1, last, 2, head + GPT_SECTOR);
	memcpy(tail, table, ENTRIES * ENTRY);
	fill_header(g, table, last, 1, g->sectors - GPT_TAIL, tail + ENTRIES * ENTRY);
	err = output_write(fd, head, sizeof(head), 0);
	if (!err)
		err = output_write(fd, tail, sizeof(tail), (last + 1 - GPT_TAIL) * GPT_SECTOR);
	return err;
}
