// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See voldisk.h. A file system works on a copy of the request, because its own reads and writes of
// the host's file are requests in the same shared page.
#include <fs/abi.h>
#include <fs/ext4/ext4.h>
#include <fs/voldisk.h>
#include <mm/mm.h>
#include <platform/platform.h>
#include <sched/sched.h>

#define CACHE_SHARE 32 // of RAM, for each
#define ST_DEV 64      // of volume 0: major 0, as of what is on no disk of its own

struct voldisk {
	struct blockdev dev;
	uint32_t node; // of the host's file
	struct ext4 *fs;
};

static const struct boot_block *boot;
static struct voldisk *disks[VOLUME_COUNT_MAX];
static struct volume_server *servers[VOLUME_COUNT_MAX];
static struct volume_request copy;
static bool busy; // a file system is at work: what comes in between leaves it alone

static struct voldisk *disk_of(struct blockdev *d)
{
	return container_of(d, struct voldisk, dev);
}

static struct volume_request *host_request(const struct voldisk *k, enum volume_op op)
{
	struct volume_request *rq = (struct volume_request *)boot->volumes.request_va;

	rq->version = VOLUME_VERSION;
	rq->op = op;
	rq->flags = rq->forget_count = 0;
	rq->node = k->node;
	rq->off = rq->len = 0;
	rq->name_len = rq->name2_len = 0;
	return rq;
}

// A transfer in pieces that a request may have. Short ones come at the end of a file that somebody
// has cut off meanwhile.
static int transfer(struct blockdev *d, enum volume_op op, uint64_t sector, const void *buf,
		    size_t len)
{
	uint64_t off = sector * SECTOR_SIZE;

	if (len % SECTOR_SIZE || sector > d->sectors || len / SECTOR_SIZE > d->sectors - sector)
		return -EINVAL;
	while (len) {
		struct volume_request *rq = host_request(disk_of(d), op);
		size_t n = MIN(len, VOLUME_DATA_MAX);

		rq->off = off;
		rq->len = n;
		rq->data = page_pa(buf);
		plat->volume();
		if (rq->result <= 0 || (uint64_t)rq->result > n)
			return -EIO;
		n = (size_t)rq->result;
		buf = (const char *)buf + n;
		off += n;
		len -= n;
	}
	return 0;
}

static int disk_read(struct blockdev *d, uint64_t sector, void *buf, size_t len)
{
	return transfer(d, VOLUME_READ, sector, buf, len);
}

static int disk_write(struct blockdev *d, uint64_t sector, const void *buf, size_t len)
{
	return d->readonly ? -EROFS : transfer(d, VOLUME_WRITE, sector, buf, len);
}

static int disk_flush(struct blockdev *d)
{
	struct volume_request *rq = host_request(disk_of(d), VOLUME_FSYNC);

	rq->flags = VOLUME_F_DATA;
	plat->volume();
	return rq->result ? -EIO : 0;
}

static int open_disk(struct voldisk *k, bool readonly)
{
	struct volume_request *rq = host_request(k, VOLUME_OPEN);
	uint64_t size;

	rq->flags = readonly ? 0 : VOLUME_F_WRITE;
	plat->volume();
	if (rq->result)
		return (int)rq->result;
	rq = host_request(k, VOLUME_GETATTR);
	plat->volume();
	size = rq->attr.size;
	k->dev = (struct blockdev){ size / SECTOR_SIZE, readonly, disk_read, disk_write, disk_flush };
	return (int)rq->result;
}

static void tick(struct timer *t);
static struct timer timer;

// Wakes when something has waited for long enough. It is looked at after each request.
static void set_timer(void)
{
	uint64_t next = UINT64_MAX;

	for (unsigned i = 0; i < VOLUME_COUNT_MAX; i++)
		if (disks[i] && disks[i]->fs)
			next = MIN(next, ext4_tick_time(disks[i]->fs));
	if (next == UINT64_MAX)
		timer_cancel(&timer);
	else if (!timer.armed || timer.deadline != next)
		timer_set(&timer, next, tick);
}

static void tick(struct timer *t)
{
	uint64_t now = time_now();

	if (busy)
		return;
	busy = true;
	for (unsigned i = 0; i < VOLUME_COUNT_MAX; i++)
		if (disks[i] && disks[i]->fs && ext4_tick_time(disks[i]->fs) <= now)
			ext4_tick(disks[i]->fs);
	busy = false;
	set_timer();
}

int voldisk_mount(const struct boot_block *b, unsigned i, const char *path, bool *readonly)
{
	struct ext4_options o = { .name = path,
				  .readonly = *readonly,
				  .uid = b->uid,
				  .gid = b->gid,
				  .dev = ST_DEV + i,
				  .cache_bytes = b->ram_len / CACHE_SHARE };
	struct voldisk *k = kzalloc(sizeof(*k));
	int r;

	if (!k)
		return -ENOMEM;
	boot = b;
	k->node = i + 1;
	r = open_disk(k, *readonly);
	if (!r)
		r = ext4_mount(&k->dev, &o, &k->fs);
	if (r) {
		kfree(k);
		return r;
	}
	disks[i] = k;
	servers[i] = ext4_server(k->fs);
	*readonly = ext4_readonly(k->fs);
	return 0;
}

static void take_forgotten(struct volume_request *rq)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < rq->forget_count; i++) {
		if (rq->forget[i] & VOLDISK_NODE)
			volumes_forget(boot, servers, rq->forget[i] & ~VOLDISK_NODE);
		else
			rq->forget[kept++] = rq->forget[i];
	}
	rq->forget_count = kept;
}

static uint32_t outside(uint32_t node)
{
	return node ? node | VOLDISK_NODE : 0;
}

bool voldisk_answer(struct volume_request *rq)
{
	if (!boot || busy)
		return false;
	take_forgotten(rq);
	if (!(rq->node & VOLDISK_NODE))
		return false;
	if (rq->forget_count) { // of the host's
		copy = *rq;
		rq->op = VOLUME_FORGET;
		plat->volume();
		*rq = copy;
	}
	copy = *rq;
	copy.node &= ~VOLDISK_NODE;
	copy.other = rq->other & VOLDISK_NODE ? rq->other & ~VOLDISK_NODE : 0;
	busy = true;
	volumes_serve(boot, servers, &copy);
	busy = false;
	rq->result = copy.result;
	rq->end = copy.end;
	rq->found = outside(copy.found);
	rq->found2 = outside(copy.found2);
	rq->attr = copy.attr; // or statfs, which is as long
	set_timer();
	return true;
}

void voldisk_end(void)
{
	if (busy)
		return;
	for (unsigned i = 0; i < VOLUME_COUNT_MAX; i++) {
		struct ext4 *fs = disks[i] ? disks[i]->fs : NULL;

		if (!fs)
			continue;
		disks[i]->fs = NULL;
		if (ext4_unmount(fs))
			klog("the disk of volume %u did not take all that was written", i);
	}
	timer_cancel(&timer);
}
