// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Sources of the numbers: Microsoft's FAT specification (fatgen103), with their names there.
//
// Every file and directory is one run of clusters, in this order: the root directory (FAT32 only),
// /EFI, /EFI/BOOT, the files.
#include <errno.h>
#include <stdlib.h>

#include <export/bytes.h>
#include <export/fat.h>
#include <image/output.h>

#define CLUSTER_SECTORS 8
#define CLUSTER (CLUSTER_SECTORS * FAT_SECTOR)
#define FATS 2
#define ROOT_ENTRIES 512 // BPB_RootEntCnt, FAT12 and FAT16
#define ENTRY 32
#define FAT12_MAX 4084   // clusters; one more is FAT16
#define FAT16_MAX 65524
#define MARGIN 16        // fatgen103 on clusters: some count by one wrong, so keep away
#define SPARE 16         // clusters that stay free, to edit the configuration
#define FIRST 2          // number of the first cluster
#define DATE 0x21        // 1980-01-01, the first that FAT has
#define ATTR_ARCHIVE 0x20
#define ATTR_DIRECTORY 0x10
#define ATTR_VOLUME 0x08
#define MEDIA 0xf8       // BPB_Media: a fixed disk

enum { RUN_ROOT, RUN_EFI, RUN_BOOT, RUN_FILES, RUNS = RUN_FILES + FAT_FILES };

static uint32_t run_clusters(const struct fat *f, unsigned run)
{
	if (run == RUN_ROOT)
		return f->bits == 32;
	if (run < RUN_FILES)
		return 1;
	return (uint32_t)((f->file[run - RUN_FILES].len + CLUSTER - 1) / CLUSTER);
}

static uint32_t run_first(const struct fat *f, unsigned run)
{
	uint32_t at = FIRST;

	for (unsigned i = 0; i < run; i++)
		at += run_clusters(f, i);
	return at;
}

// Keeps away from where the kinds meet. Gives how many clusters there are to be for `want`.
static uint32_t choose_bits(struct fat *f, uint32_t want)
{
	f->bits = want <= FAT12_MAX - MARGIN ? 12 : want <= FAT16_MAX - MARGIN ? 16 : 32;
	if (f->bits == 16 && want < FAT12_MAX + MARGIN)
		return FAT12_MAX + MARGIN;
	if (f->bits == 32 && want < FAT16_MAX + MARGIN)
		return FAT16_MAX + MARGIN;
	return want;
}

static void lay_out(struct fat *f, uint32_t want)
{
	f->clusters = choose_bits(f, want);
	f->reserved = f->bits == 32 ? 32 : 1; // BPB_RsvdSecCnt
	f->root_sectors = f->bits == 32 ? 0 : ROOT_ENTRIES * ENTRY / FAT_SECTOR;
	f->fat_sectors = (uint32_t)((((uint64_t)f->clusters + FIRST) * f->bits + 7) / 8 +
				    FAT_SECTOR - 1) / FAT_SECTOR;
	f->sectors = f->reserved + FATS * f->fat_sectors + f->root_sectors +
		     f->clusters * CLUSTER_SECTORS;
}

int fat_plan(struct fat *f, uint64_t sectors)
{
	uint32_t want = SPARE;
	unsigned run;

	for (unsigned i = 0; i < FAT_FILES; i++)
		if (f->file[i].len > FAT_FILE_MAX)
			return -EFBIG;
	f->bits = 32;
	for (run = 0; run < RUNS; run++)
		want += run_clusters(f, run);
	lay_out(f, want);
	// More clusters need a larger table: take as many as fit.
	while (f->sectors < sectors) {
		struct fat larger = *f;

		want = f->clusters + (uint32_t)((sectors - f->sectors) / CLUSTER_SECTORS + 1) / 2;
		lay_out(&larger, want);
		if (want == f->clusters || larger.sectors > sectors)
			break;
		*f = larger;
	}
	return 0;
}

static void set_entry(const struct fat *f, uint8_t *table, uint32_t cluster, uint32_t value)
{
	uint8_t *p = table + (uint64_t)cluster * f->bits / 8;

	if (f->bits == 32)
		put32(p, value);
	else if (f->bits == 16)
		put16(p, (uint16_t)value);
	else if (cluster & 1)
		put16(p, (uint16_t)((get16(p) & 0xf) | value << 4));
	else
		put16(p, (uint16_t)((get16(p) & 0xf000) | (value & 0xfff)));
}

static int write_tables(const struct fat *f, int fd, uint64_t at)
{
	size_t len = (size_t)f->fat_sectors * FAT_SECTOR;
	const uint32_t end = 0x0fffffff;
	uint8_t *table = calloc(1, len);
	uint32_t cluster = FIRST;
	int err = 0;

	if (!table)
		return -ENOMEM;
	set_entry(f, table, 0, 0x0fffff00 | MEDIA);
	set_entry(f, table, 1, end);
	for (unsigned run = 0; run < RUNS; run++) {
		uint32_t count = run_clusters(f, run);

		for (uint32_t i = 0; i < count; i++, cluster++)
			set_entry(f, table, cluster, i + 1 < count ? cluster + 1 : end);
	}
	// What no file has is zeros, and zeros are there.
	len = (size_t)((uint64_t)cluster * f->bits / 8 + FAT_SECTOR) / FAT_SECTOR * FAT_SECTOR;
	for (unsigned i = 0; i < FATS && !err; i++)
		err = output_write(fd, table, len,
				   at + ((uint64_t)f->reserved + i * f->fat_sectors) * FAT_SECTOR);
	free(table);
	return err;
}

static void fill_boot_sector(const struct fat *f, uint8_t s[FAT_SECTOR])
{
	uint8_t *ext = s + (f->bits == 32 ? 64 : 36); // BS_DrvNum

	memcpy(s, "\xeb\xfe\x90PITH    ", 11); // BS_jmpBoot to itself: nobody starts this
	put16(s + 11, FAT_SECTOR);
	s[13] = CLUSTER_SECTORS;
	put16(s + 14, (uint16_t)f->reserved);
	s[16] = FATS;
	put16(s + 17, f->bits == 32 ? 0 : ROOT_ENTRIES);
	if (f->sectors < 0x10000 && f->bits != 32)
		put16(s + 19, (uint16_t)f->sectors);
	else
		put32(s + 32, f->sectors);
	s[21] = MEDIA;
	if (f->bits == 32) {
		put32(s + 36, f->fat_sectors); // BPB_FATSz32
		put32(s + 44, FIRST);          // BPB_RootClus
		put16(s + 48, 1);              // BPB_FSInfo
		put16(s + 50, 6);              // BPB_BkBootSec
	} else {
		put16(s + 22, (uint16_t)f->fat_sectors);
	}
	put16(s + 24, 63);  // BPB_SecPerTrk, BPB_NumHeads: the geometry that BIOSes translate to
	put16(s + 26, 255);
	put32(s + 28, f->hidden);
	ext[0] = 0x80;
	ext[2] = 0x29; // BS_BootSig: the next three are there
	put32(ext + 3, f->serial);
	memcpy(ext + 7, "PITH       ", 11);
	memcpy(ext + 18, f->bits == 12 ? "FAT12   " : f->bits == 16 ? "FAT16   " : "FAT32   ", 8);
	put16(s + 510, 0xaa55);
}

static void fill_info(const struct fat *f, uint8_t s[FAT_SECTOR])
{
	uint32_t used = run_first(f, RUNS) - FIRST;

	put32(s, 0x41615252);                   // FSI_LeadSig
	put32(s + 484, 0x61417272);             // FSI_StrucSig
	put32(s + 488, f->clusters - used);     // FSI_Free_Count
	put32(s + 492, FIRST + used);           // FSI_Nxt_Free
	put32(s + 508, 0xaa550000);             // FSI_TrailSig
}

static int write_head(const struct fat *f, int fd, uint64_t at)
{
	uint8_t boot[FAT_SECTOR] = { 0 }, info[FAT_SECTOR] = { 0 };
	int err;

	fill_boot_sector(f, boot);
	err = output_write(fd, boot, sizeof(boot), at);
	if (err || f->bits != 32)
		return err;
	fill_info(f, info);
	err = output_write(fd, info, sizeof(info), at + FAT_SECTOR);
	if (!err)
		err = output_write(fd, boot, sizeof(boot), at + 6 * FAT_SECTOR);
	if (!err)
		err = output_write(fd, info, sizeof(info), at + 7 * FAT_SECTOR);
	return err;
}

// One entry of a directory; gives where the next one belongs.
static uint8_t *add_name(uint8_t *p, const char name[11], uint8_t attributes, uint32_t cluster,
			 uint64_t len)
{
	memcpy(p, name, 11);
	p[11] = attributes;
	put16(p + 16, DATE); // DIR_CrtDate, DIR_LstAccDate, DIR_WrtDate
	put16(p + 18, DATE);
	put16(p + 24, DATE);
	put16(p + 20, (uint16_t)(cluster >> 16));
	put16(p + 26, (uint16_t)cluster);
	put32(p + 28, (uint32_t)len);
	return p + ENTRY;
}

static uint8_t *add_file(const struct fat *f, uint8_t *p, const char name[11], enum fat_file file)
{
	if (!f->file[file].len)
		return p;
	return add_name(p, name, ATTR_ARCHIVE, run_first(f, RUN_FILES + file), f->file[file].len);
}

static uint64_t cluster_at(const struct fat *f, uint32_t cluster)
{
	return ((uint64_t)f->reserved + FATS * f->fat_sectors + f->root_sectors +
		(uint64_t)(cluster - FIRST) * CLUSTER_SECTORS) * FAT_SECTOR;
}

static int write_folders(const struct fat *f, int fd, uint64_t at)
{
	uint8_t root[8 * ENTRY] = { 0 }, efi[8 * ENTRY] = { 0 }, boot[8 * ENTRY] = { 0 }, *p;
	uint32_t efi_at = run_first(f, RUN_EFI), boot_at = run_first(f, RUN_BOOT);
	uint64_t root_at = cluster_at(f, FIRST) - (uint64_t)f->root_sectors * FAT_SECTOR;
	int err;

	p = add_name(root, "PITH       ", ATTR_VOLUME, 0, 0);
	p = add_name(p, "EFI        ", ATTR_DIRECTORY, efi_at, 0);
	p = add_file(f, p, "GRUB    CFG", FAT_CONFIG);
	add_file(f, p, "PITH    IMG", FAT_IMAGE);
	p = add_name(efi, ".          ", ATTR_DIRECTORY, efi_at, 0);
	p = add_name(p, "..         ", ATTR_DIRECTORY, 0, 0);
	add_name(p, "BOOT       ", ATTR_DIRECTORY, boot_at, 0);
	p = add_name(boot, ".          ", ATTR_DIRECTORY, boot_at, 0);
	p = add_name(p, "..         ", ATTR_DIRECTORY, efi_at, 0);
	add_file(f, p, "BOOTX64 EFI", FAT_LOADER);
	err = output_write(fd, root, sizeof(root), at + root_at);
	if (!err)
		err = output_write(fd, efi, sizeof(efi), at + cluster_at(f, efi_at));
	if (!err)
		err = output_write(fd, boot, sizeof(boot), at + cluster_at(f, boot_at));
	return err;
}

int fat_write(const struct fat *f, int fd, uint64_t at)
{
	int err = write_head(f, fd, at);

	if (!err)
		err = write_tables(f, fd, at);
	if (!err)
		err = write_folders(f, fd, at);
	for (unsigned i = 0; i < FAT_FILES && !err; i++)
		err = content_write(&f->file[i], fd,
				    at + cluster_at(f, run_first(f, RUN_FILES + i)));
	return err;
}
