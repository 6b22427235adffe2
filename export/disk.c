// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A disk: GPT, a partition with GRUB's core for BIOSes, and the EFI system partition, which has
// everything else. What --size adds lies behind that and belongs to nobody.
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <export/gpt.h>
#include <export/medium.h>
#include <image/output.h>

#define MIB (1ull << 20)
#define CORE_FIRST 64                   // sectors
#define ESP_FIRST (MIB / GPT_SECTOR)    // aligned to everything that disks are aligned to
#define CORE_ROOM ((ESP_FIRST - CORE_FIRST) * GPT_SECTOR)

static uint64_t round_up(uint64_t n, uint64_t to)
{
	return (n + to - 1) / to * to;
}

// Hypervisors want whole megabytes (Azure, Hyper-V), so the disk has them, and the file system
// takes what that leaves.
static int plan(const struct medium *m, struct fat *fat, struct gpt *gpt, struct failure *why)
{
	uint64_t least;

	*fat = (struct fat){ .serial = (uint32_t)m->sum[0],
			     .hidden = ESP_FIRST,
			     .file = { [FAT_LOADER] = { m->grub->efi, -1, m->grub->efi_len },
				       [FAT_CONFIG] = { m->grub->config, -1,
							strlen(m->grub->config) },
				       [FAT_IMAGE] = m->image } };
	if (fat_plan(fat, 0))
		return failure_set(why, -EFBIG,
				   "the image has %llu bytes: files on a boot partition (FAT) have "
				   "less than 4 GiB", (unsigned long long)m->image.len);
	if (m->grub->core_len > CORE_ROOM)
		return failure_set(why, -EFBIG, "GRUB's core has %zu bytes, and its place %llu",
				   m->grub->core_len, (unsigned long long)CORE_ROOM);
	least = round_up((ESP_FIRST + (uint64_t)fat->sectors + GPT_TAIL) * GPT_SECTOR, MIB);
	fat_plan(fat, least / GPT_SECTOR - ESP_FIRST - GPT_TAIL);
	if (m->size && m->size < least)
		return failure_set(why, -ENOSPC,
				   "--size is too small: a disk with this image takes %llu MiB",
				   (unsigned long long)(least / MIB));
	*gpt = (struct gpt){
		.sectors = (m->size ? round_up(m->size, MIB) : least) / GPT_SECTOR,
		.sum = { m->sum[0], m->sum[1] },
		.partition = { { .name = "BIOS boot", .first = CORE_FIRST, .last = ESP_FIRST - 1 },
			       { .name = "EFI system", .first = ESP_FIRST,
				 .last = least / GPT_SECTOR - GPT_TAIL - 1 } },
	};
	memcpy(gpt->partition[0].type, gpt_bios_boot, 16);
	memcpy(gpt->partition[1].type, gpt_efi_system, 16);
	return 0;
}

int medium_write_disk(const struct medium *m, int fd, const char *output, struct failure *why)
{
	struct gpt gpt;
	struct fat fat;
	int err = plan(m, &fat, &gpt, why);

	if (err)
		return err;
	grub_place(m->grub, CORE_FIRST);
	memcpy(gpt.boot, m->grub->mbr, sizeof(gpt.boot));
	if (ftruncate(fd, (off_t)(gpt.sectors * GPT_SECTOR)))
		err = -errno;
	if (!err)
		err = gpt_write(&gpt, fd);
	if (!err)
		err = output_write(fd, m->grub->core, m->grub->core_len, CORE_FIRST * GPT_SECTOR);
	if (!err)
		err = fat_write(&fat, fd, ESP_FIRST * GPT_SECTOR);
	return err ? failure_errno(why, err, "cannot write %s", output) : 0;
}
