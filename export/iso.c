// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A CD: ISO 9660 (ECMA-119) with the image and grub.cfg, and, by El Torito, GRUB for a BIOS (no
// emulation) and for UEFI (a FAT file system with the loader). Comments have the sections of
// ECMA-119; El Torito is "Bootable CD-ROM Format Specification" 1.0, UEFI's part is in UEFI 2.10,
// 13.3.2.1.
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <export/bytes.h>
#include <export/medium.h>
#include <image/output.h>

#define BLOCK 2048
#define FILES 2
// GRUB reads pieces of 32 KiB, and gets wrong bytes of one that ends behind the CD (with SeaBIOS).
#define PIECE_BLOCKS (32768 / BLOCK)
// Where things are, in blocks; the first 16 are not the file system's (6.2.1).
enum { AT_PRIMARY = 16, AT_BOOT, AT_END, AT_PATHS, AT_PATHS_MSB, AT_ROOT, AT_CATALOG, AT_FILES };

struct cd {
	struct fat fat;
	struct content config;
	uint32_t core, efi, file[FILES], blocks; // first blocks, and how many there are
	uint32_t len[FILES];
	char label[MEDIUM_LABEL_MAX];
};

static const char *const names[FILES] = { "GRUB.CFG;1", "PITH.IMG;1" };

void medium_label(const uint64_t sum[2], char label[MEDIUM_LABEL_MAX])
{
	snprintf(label, MEDIUM_LABEL_MAX, "PITH_%016llX", (unsigned long long)sum[0]);
}

static void both32(uint8_t *p, uint32_t v) // 7.3.3: in both orders
{
	put32(p, v);
	put32(p + 4, __builtin_bswap32(v));
}

static void both16(uint8_t *p, uint16_t v) // 7.2.3
{
	put16(p, v);
	put16(p + 2, __builtin_bswap16(v));
}

// 9.1: a record of a directory. Gives where the next one belongs.
static uint8_t *add_record(uint8_t *p, const char *name, uint8_t name_len, uint32_t block,
			   uint32_t len, uint8_t flags)
{
	static const uint8_t date[7] = { 126, 1, 1 }; // 2026-01-01, always

	p[0] = (uint8_t)((33 + name_len + 1) & ~1);
	both32(p + 2, block);
	both32(p + 10, len);
	memcpy(p + 18, date, sizeof(date));
	p[25] = flags;
	both16(p + 28, 1);
	p[32] = name_len;
	memcpy(p + 33, name, name_len);
	return p + p[0];
}

static void fill_root(const struct cd *c, uint8_t b[BLOCK])
{
	uint8_t *p = add_record(b, "", 1, AT_ROOT, BLOCK, 2);

	p = add_record(p, "\1", 1, AT_ROOT, BLOCK, 2);
	for (unsigned i = 0; i < FILES; i++)
		p = add_record(p, names[i], (uint8_t)strlen(names[i]), c->file[i], c->len[i], 0);
}

static void descriptor(uint8_t b[BLOCK], uint8_t type)
{
	b[0] = type;
	memcpy(b + 1, "CD001", 5);
	b[6] = 1;
}

static void fill_primary(const struct cd *c, uint8_t b[BLOCK]) // 8.4
{
	descriptor(b, 1);
	memset(b + 8, ' ', 64);
	memcpy(b + 40, c->label, strlen(c->label));
	both32(b + 80, c->blocks);
	both16(b + 120, 1);
	both16(b + 124, 1);
	both16(b + 128, BLOCK);
	both32(b + 132, 10); // bytes of the path table
	put32(b + 140, AT_PATHS);
	put32(b + 148, __builtin_bswap32(AT_PATHS_MSB));
	add_record(b + 156, "", 1, AT_ROOT, BLOCK, 2);
	memset(b + 190, ' ', 813 - 190); // 8.4.19 to 8.4.28: nobody's
	for (unsigned i = 0; i < 2; i++)
		memcpy(b + 813 + i * 17, "2026010100000000", 17); // 8.4.29: made, changed
	for (unsigned i = 2; i < 4; i++)
		memcpy(b + 813 + i * 17, "0000000000000000", 17); // no end
	b[881] = 1;
}

static void fill_paths(uint8_t b[BLOCK], uint32_t root, uint16_t parent) // 9.4: the root alone
{
	b[0] = 1;
	put32(b + 2, root);
	put16(b + 6, parent);
}

// One entry of the catalog: what to load, and how many sectors of 512 bytes.
static void boot_entry(uint8_t *p, uint32_t block, uint32_t sectors)
{
	p[0] = 0x88; // can be booted
	put16(p + 6, sectors > 0xffff ? 0 : (uint16_t)sectors);
	put32(p + 8, block);
}

static void fill_catalog(const struct cd *c, uint8_t b[BLOCK])
{
	uint16_t sum = 0;

	b[0] = 1; // validation entry, for x86 PCs
	memcpy(b + 4, "PITH", 4);
	put16(b + 30, 0xaa55);
	for (unsigned i = 0; i < 32; i += 2)
		sum = (uint16_t)(sum + get16(b + i));
	put16(b + 28, (uint16_t)-sum);
	boot_entry(b + 32, c->core, 4); // cdboot.img, which loads the rest
	b[64] = 0x91; // header of the last section
	b[65] = 0xef; // for UEFI
	put16(b + 66, 1);
	boot_entry(b + 96, c->efi, c->fat.sectors);
}

static uint32_t blocks(uint64_t len)
{
	return (uint32_t)((len + BLOCK - 1) / BLOCK);
}

static int plan(const struct medium *m, struct cd *c, struct failure *why)
{
	*c = (struct cd){ .config = { m->grub->config, -1, strlen(m->grub->config) } };
	c->fat.serial = (uint32_t)m->sum[0];
	c->fat.file[FAT_LOADER] = (struct content){ m->grub->efi, -1, m->grub->efi_len };
	medium_label(m->sum, c->label);
	if (m->image.len > FAT_FILE_MAX - BLOCK || fat_plan(&c->fat, 0))
		return failure_set(why, -EFBIG,
				   "the image has %llu bytes: files on a CD have less than 4 GiB",
				   (unsigned long long)m->image.len);
	c->core = AT_FILES;
	c->efi = c->core + blocks(m->grub->core_len);
	c->file[0] = c->efi + blocks((uint64_t)c->fat.sectors * FAT_SECTOR);
	c->file[1] = c->file[0] + blocks(c->config.len);
	c->blocks = c->file[1] + blocks(m->image.len);
	c->blocks = (c->blocks + PIECE_BLOCKS - 1) / PIECE_BLOCKS * PIECE_BLOCKS;
	c->len[0] = (uint32_t)c->config.len;
	c->len[1] = (uint32_t)m->image.len;
	return 0;
}

static int write_head(const struct cd *c, int fd)
{
	uint8_t head[AT_FILES - AT_PRIMARY][BLOCK] = { 0 };
	uint8_t *boot = head[AT_BOOT - AT_PRIMARY];

	fill_primary(c, head[0]);
	descriptor(boot, 0);
	memcpy(boot + 7, "EL TORITO SPECIFICATION", 23);
	put32(boot + 71, AT_CATALOG);
	descriptor(head[AT_END - AT_PRIMARY], 255);
	fill_paths(head[AT_PATHS - AT_PRIMARY], AT_ROOT, 1);
	fill_paths(head[AT_PATHS_MSB - AT_PRIMARY], __builtin_bswap32(AT_ROOT),
		   __builtin_bswap16(1));
	fill_root(c, head[AT_ROOT - AT_PRIMARY]);
	fill_catalog(c, head[AT_CATALOG - AT_PRIMARY]);
	return output_write(fd, head, sizeof(head), AT_PRIMARY * BLOCK);
}

int medium_write_cd(const struct medium *m, int fd, const char *output, struct failure *why)
{
	struct cd c;
	int err = plan(m, &c, why);

	if (err)
		return err;
	grub_place_cd(m->grub, c.core);
	if (ftruncate(fd, (off_t)c.blocks * BLOCK))
		err = -errno;
	if (!err)
		err = write_head(&c, fd);
	if (!err)
		err = output_write(fd, m->grub->core, m->grub->core_len, (uint64_t)c.core * BLOCK);
	if (!err)
		err = fat_write(&c.fat, fd, (uint64_t)c.efi * BLOCK);
	if (!err)
		err = content_write(&c.config, fd, (uint64_t)c.file[0] * BLOCK);
	if (!err)
		err = content_write(&m->image, fd, (uint64_t)c.file[1] * BLOCK);
	return err ? failure_errno(why, err, "cannot write %s", output) : 0;
}
