// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Volumes on disks: a virtio disk with a file system that fs/ext4 knows, and no partitions.
#include <core/klib.h>
#include <drivers/virtio/blk.h>
#include <fs/ext4/ext4.h>
#include <mm/mm.h>
#include <platform/pc/volume.h>
#include <sched/sched.h>

#define CACHE_SHARE 32 // of RAM, for each

struct disk {
	struct virtio_blk device;
	char serial[BLK_SERIAL_MAX + 1];
	char name[8]; // diskN
	struct ext4 *fs;
};

static struct disk *disks[PC_DEVICES_MAX];
static bool looked;

static void look(void)
{
	const struct pc_device *d;

	looked = true;
	for (unsigned n = 0; (d = pc_find(PC_TYPE_BLOCK, n)); n++) {
		struct disk *k = kzalloc(sizeof(*k));

		if (!k)
			pc_fail("the disk", d->where, "there is no memory for it");
		if (virtio_blk_open(&k->device, d, &pc.dma, pc_volume_idle)) {
			pc_say("the disk", d->where, k->device.v.why);
			continue;
		}
		virtio_blk_serial(&k->device, k->serial);
		ksnprintf(k->name, sizeof(k->name), "disk%u", n);
		disks[n] = k;
	}
}

static struct disk *find(const char *name)
{
	for (unsigned n = 0; n < PC_DEVICES_MAX; n++)
		if (disks[n] && (!strcmp(disks[n]->serial, name) || !strcmp(disks[n]->name, name)))
			return disks[n];
	return NULL;
}

struct volume_server *pc_volume_disk(unsigned volume, const char *name, const char *path,
				     bool *readonly)
{
	struct ext4_options o = { .name = path,
				  .readonly = *readonly,
				  .uid = pc.boot->uid,
				  .gid = pc.boot->gid,
				  .dev = PC_VOLUME_DEV + volume,
				  .cache_bytes = pc.boot->ram_len / CACHE_SHARE };
	struct disk *k;

	if (!looked)
		look();
	k = find(name);
	if (!k)
		return NULL;
	if (k->fs)
		pc_fail("the volume", name, "is named twice");
	if (ext4_mount(&k->device.dev, &o, &k->fs))
		pc_fail("the volume", path, "cannot be mounted");
	*readonly = ext4_readonly(k->fs);
	return ext4_server(k->fs);
}

uint64_t pc_disks_keep(void)
{
	uint64_t now = time_now(), next = UINT64_MAX;

	for (unsigned n = 0; n < PC_DEVICES_MAX; n++) {
		uint64_t at = disks[n] && disks[n]->fs ? ext4_tick_time(disks[n]->fs) : UINT64_MAX;

		if (at <= now) {
			ext4_tick(disks[n]->fs);
			at = ext4_tick_time(disks[n]->fs);
		}
		if (at != UINT64_MAX)
			next = MIN(next, at > now ? at - now : 1);
	}
	return next;
}

void pc_disks_end(void)
{
	for (unsigned n = 0; n < PC_DEVICES_MAX; n++) {
		struct ext4 *fs = disks[n] ? disks[n]->fs : NULL;

		if (!fs)
			continue;
		disks[n]->fs = NULL;
		if (ext4_unmount(fs))
			pc_say("the disk", disks[n]->name, "did not take all that was written");
	}
}
