// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Volumes: for images whose programs make the calls that need them. Each is a 9p device with that
// mount tag. They are opened with the first request, when the library OS has memory to give.
#include <core/klib.h>
#include <drivers/p9/virtio_9p.h>
#include <drivers/volumes.h>
#include <mm/mm.h>
#include <platform/pc/pc.h>

#define DEV_FIRST 64    // st_dev of the first: major 0, where what is on no disk is
#define IDLE_NS 1000000 // a device that does not interrupt is looked at as often

struct tree {
	struct p9 fs;
	struct virtio_9p device;
	bool taken;
};

static struct tree *trees[PC_DEVICES_MAX];
static struct virtio_9p_memory messages;
static struct volume_server *servers[VOLUME_COUNT_MAX];
static bool opened;

static void idle(void)
{
	pc_idle(IDLE_NS);
}

static void open_trees(void)
{
	const struct pc_device *d;

	for (unsigned n = 0; (d = pc_find(PC_TYPE_9P, n)); n++) {
		struct tree *t = kzalloc(sizeof(*t));

		if (!t)
			pc_fail("the 9p device", d->where, "there is no memory for it");
		if (virtio_9p_open(&t->device, d, &pc.dma, idle))
			pc_say("the 9p device", d->where, t->device.v.why);
		else
			trees[n] = t;
	}
}

// NULL: there is no such device.
static struct volume_server *open_tree(unsigned volume, const char *name)
{
	struct tree *t;
	unsigned n = 0;

	while (n < PC_DEVICES_MAX && (!trees[n] || strcmp(trees[n]->device.tag, name)))
		n++;
	if (n == PC_DEVICES_MAX)
		return NULL;
	t = trees[n];
	if (t->taken)
		pc_fail("the volume", name, "is named twice");
	t->taken = true;
	t->fs.name = name;
	t->fs.dev = DEV_FIRST + volume;
	if (virtio_9p_connect(&t->device, &t->fs, &messages))
		pc_fail("the volume", name, "there is no memory for its messages");
	if (p9_start(&t->fs))
		pc_fail("the volume", name, "cannot be opened");
	return &t->fs.server;
}

static void open_all(void)
{
	open_trees();
	for (unsigned i = 0; i < pc.info->volume_count; i++) {
		const char *name = pc.info->volume[i].name;

		servers[i] = open_tree(i, name);
		if (!servers[i])
			pc_fail("the volume", name, "has no device: no 9p device has it as its mount tag");
	}
	opened = true;
}

static void serve(void)
{
	if (!opened)
		open_all();
	volumes_answer(pc.boot, servers);
}

const struct pc_volumes pc_volumes = { serve };
