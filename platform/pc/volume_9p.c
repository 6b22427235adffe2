// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Volumes by 9p: a directory of the host.
#include <core/klib.h>
#include <drivers/p9/virtio_9p.h>
#include <mm/mm.h>
#include <platform/pc/volume.h>

struct tree {
	struct p9 fs;
	struct virtio_9p device;
	bool taken;
};

static struct tree *trees[PC_DEVICES_MAX];
static struct virtio_9p_memory messages;
static bool looked;

static void look(void)
{
	const struct pc_device *d;

	looked = true;
	for (unsigned n = 0; (d = pc_find(PC_TYPE_9P, n)); n++) {
		struct tree *t = kzalloc(sizeof(*t));

		if (!t)
			pc_fail("the 9p device", d->where, "there is no memory for it");
		if (virtio_9p_open(&t->device, d, &pc.dma, pc_volume_idle))
			pc_say("the 9p device", d->where, t->device.v.why);
		else
			trees[n] = t;
	}
}

static struct tree *find(const char *name)
{
	for (unsigned n = 0; n < PC_DEVICES_MAX; n++)
		if (trees[n] && !strcmp(trees[n]->device.tag, name))
			return trees[n];
	return NULL;
}

struct volume_server *pc_volume_9p(unsigned volume, const char *name, const char *path)
{
	struct tree *t;

	if (!looked)
		look();
	t = find(name);
	if (!t)
		return NULL;
	if (t->taken)
		pc_fail("the volume", name, "is named twice");
	t->taken = true;
	t->fs.name = path;
	t->fs.dev = PC_VOLUME_DEV + volume;
	if (virtio_9p_connect(&t->device, &t->fs, &messages))
		pc_fail("the volume", name, "has no memory for its messages");
	if (p9_start(&t->fs))
		pc_fail("the volume", path, "cannot be opened");
	return &t->fs.server;
}

bool pc_9p_pump(void)
{
	bool came = false;

	for (unsigned n = 0; n < PC_DEVICES_MAX; n++)
		if (trees[n])
			came |= virtio_9p_poll(&trees[n]->device);
	return came;
}

bool pc_9p_arm(void)
{
	bool ready = false;

	for (unsigned n = 0; n < PC_DEVICES_MAX; n++)
		if (trees[n])
			ready |= virtio_9p_arm(&trees[n]->device);
	return ready;
}

void pc_9p_disarm(void)
{
	for (unsigned n = 0; n < PC_DEVICES_MAX; n++)
		if (trees[n])
			virtio_disarm(&trees[n]->device.q);
}
