// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Requests to the host, and the vnodes that come of them.
#include <fs/voldisk.h>
#include <fs/volfs.h>
#include <fs/abi.h>
#include <linux/process.h>
#include <mm/mm.h>

#define BUCKETS 64

static struct volume_request *rq; // shared with the host
static struct vol_node *nodes[BUCKETS];
static uint32_t forgotten[VOLUME_FORGET_MAX]; // nodes that the next request gives back
static unsigned forgotten_count;
static struct vol_buffer buffer;

// The node whose attributes are in the request still, from a look-up by this same system call: stat
// of a path asks once.
static struct {
	const struct vol_node *node;
	uint64_t call;
} fresh;

struct volume_request *volfs_begin(enum volume_op op, const struct vol_node *n)
{
	fresh.node = NULL;
	rq->version = VOLUME_VERSION;
	rq->op = op;
	rq->flags = 0;
	rq->node = n ? n->nr : 0;
	rq->off = rq->len = 0;
	rq->name_len = rq->name2_len = 0;
	rq->forget_count = forgotten_count;
	memcpy(rq->forget, forgotten, sizeof(forgotten));
	forgotten_count = 0;
	return rq;
}

int64_t volfs_call(void)
{
	if (!voldisk_answer || !voldisk_answer(rq))
		plat->volume();
	return rq->result;
}

static bool later_used[VOLUME_LATER_MAX];
static unsigned later_count;
static struct wait_queue later_wait = WAIT_QUEUE_INIT(later_wait);

static int32_t later_result(unsigned slot)
{
	return __atomic_load_n(&rq->later[slot], __ATOMIC_SEQ_CST);
}

// Has something come that was to come later? Who waits for it looks.
static bool later_poll(void)
{
	unsigned done = 0;

	for (unsigned i = 0; later_count && i < VOLUME_LATER_MAX; i++)
		done += later_used[i] && later_result(i) != VOLUME_LATER;
	if (done)
		wake_all(&later_wait, 0);
	return done;
}

static struct poller later_poller = { .poll = later_poll };

// A thread that is alone does better to wait where it is.
int volfs_call_later(struct volume_request *r, uint32_t flags)
{
	unsigned slot = 0;
	struct waiter w;
	int result;

	r->flags = flags;
	while (slot < VOLUME_LATER_MAX && later_used[slot])
		slot++;
	if (percpu()->area->threads < 2 || slot == VOLUME_LATER_MAX)
		return (int)volfs_call();
	r->flags |= VOLUME_F_LATER;
	r->mode = slot;
	r->later[slot] = VOLUME_LATER;
	result = (int)volfs_call();
	if (result != VOLUME_LATER)
		return result;
	later_used[slot] = true;
	later_count++;
	wait_begin(&later_wait, &w);
	while (later_result(slot) == VOLUME_LATER)
		wait_sleep(FOREVER, false);
	wait_end(&w);
	later_used[slot] = false;
	later_count--;
	return later_result(slot);
}

void volfs_name(struct volume_request *r, const char *name, size_t len)
{
	r->name_len = (uint16_t)len;
	memcpy(r->name, name, MIN(len, sizeof(r->name)));
}

// As large as RAM allows, because a request costs a crossing. It is kept.
const struct vol_buffer *volfs_buffer(void)
{
	unsigned order = 8;
	paddr_t pa = 0;

	while (!buffer.at && order && PAGE_SIZE << order > (frame_total() << PAGE_SHIFT) / 64)
		order--;
	while (!buffer.at && !(pa = frame_alloc(order, false)) && order)
		order--;
	if (pa)
		buffer = (struct vol_buffer){ page_va(pa), PAGE_SIZE << order };
	return buffer.at ? &buffer : NULL;
}

static struct vol_node **bucket_of(uint32_t nr)
{
	return &nodes[nr % BUCKETS];
}

struct vol_node *volfs_known(uint32_t nr)
{
	struct vol_node *n = *bucket_of(nr);

	while (n && n->nr != nr)
		n = n->next;
	return n;
}

bool volfs_has(const struct vnode *v)
{
	return v->ops->release == volfs_release;
}

int volfs_volume(const struct vnode *v)
{
	return volfs_has(v) ? ((const struct vol_node *)v)->volume : -1;
}

static void forget(uint32_t nr, bool now)
{
	forgotten[forgotten_count++] = nr;
	if (!now && forgotten_count < VOLUME_FORGET_MAX)
		return;
	volfs_begin(VOLUME_FORGET, NULL);
	volfs_call();
}

static const struct vnode_ops *ops_for(uint32_t mode)
{
	return S_ISDIR(mode) ? &volfs_dir_ops : S_ISREG(mode) ? &volfs_file_ops : &volfs_other_ops;
}

static struct vol_node *node_new(uint32_t nr, const struct volume_attr *attr,
				 struct vol_node *parent)
{
	struct vol_node *n = kzalloc(sizeof(*n));

	if (!n) {
		forget(nr, false);
		return NULL;
	}
	vnode_init(&n->v, ops_for(attr->mode), attr->mode);
	n->nr = nr;
	if (parent) {
		n->volume = parent->volume;
		if (S_ISDIR(attr->mode))
			n->v.parent = vnode_get(&parent->v);
	}
	n->next = *bucket_of(nr);
	*bucket_of(nr) = n;
	return n;
}

int volfs_node(uint32_t nr, const struct volume_attr *attr, struct vol_node *parent,
	       struct vnode **out)
{
	struct vol_node *n = volfs_known(nr);

	if (n)
		vnode_get(&n->v);
	else
		n = node_new(nr, attr, parent);
	if (!n)
		return -ENOMEM;
	fresh.node = n;
	fresh.call = percpu()->area->syscalls;
	if (n->v.ops != &volfs_other_ops)
		n->v.mode = attr->mode;
	*out = &n->v;
	return 0;
}

void volfs_release(struct vnode *v)
{
	struct vol_node *n = to_vol(v), **p;

	volfs_write_back(v, 0, UINT64_MAX);
	volfs_map_forget(n);
	for (p = bucket_of(n->nr); *p != n;)
		p = &(*p)->next;
	*p = n->next;
	// A file without names: its room is wanted back.
	forget(n->nr, n->unlinked);
	kfree(n);
}

int volfs_open(struct vol_node *n, bool write)
{
	int r;

	if (write ? n->writable : n->opened)
		return 0;
	volfs_begin(VOLUME_OPEN, n)->flags = write ? VOLUME_F_WRITE : 0;
	r = (int)volfs_call();
	if (!r) {
		n->opened = true;
		n->writable |= write;
	}
	return r;
}

// Files of the user that the monitor runs as belong to whoever asks: there is one owner, so there
// is nobody to tell apart. Modes of sockets and fifos are this instance's own.
int volfs_getattr(struct vnode *v, struct kstat *st)
{
	bool known = fresh.node == to_vol(v) && fresh.call == percpu()->area->syscalls;
	const struct volume_attr *a = &rq->attr;
	int r = 0;

	if (!known) {
		volfs_begin(VOLUME_GETATTR, to_vol(v));
		r = (int)volfs_call();
	}
	if (r)
		return r;
	if (v->ops != &volfs_other_ops)
		v->mode = a->mode;
	st->mode = v->mode;
	st->dev = a->dev;
	st->ino = a->ino;
	st->nlink = a->nlink;
	st->rdev = a->rdev;
	st->size = a->size;
	st->blocks = a->blocks;
	st->blksize = a->blksize;
	st->uid = a->own ? current_process()->euid : a->uid;
	st->gid = a->own ? current_process()->egid : a->gid;
	st->atime_ns = a->atime_ns;
	st->mtime_ns = a->mtime_ns;
	st->ctime_ns = a->ctime_ns;
	return 0;
}

static ssize_t other_readlink(struct vnode *v, char *buf, size_t size)
{
	const struct vol_buffer *b = volfs_buffer();
	struct volume_request *r;
	int64_t n;

	if (!b)
		return -ENOMEM;
	r = volfs_begin(VOLUME_READLINK, to_vol(v));
	r->data = page_pa(b->at);
	r->len = MIN(size, (size_t)PATH_MAX);
	n = volfs_call();
	if (n > 0)
		memcpy(buf, b->at, (size_t)n);
	return n;
}

const struct vnode_ops volfs_other_ops = {
	.getattr = volfs_getattr,
	.setattr = volfs_setattr,
	.readlink = other_readlink,
	.open = volfs_vnode_open,
	.release = volfs_release,
};

static struct boot_volumes *volumes; // the loader's, but for what turns out to be read-only
static const char *volume_path(unsigned i)
{
	const char *p = (const char *)fs_boot + volumes->paths.off;

	while (i--)
		p += strlen(p) + 1;
	return p;
}

bool volfs_mounted(unsigned i, const char **path, bool *readonly)
{
	if (!volumes || i >= volumes->paths.count)
		return false;
	*path = volume_path(i);
	*readonly = volumes->readonly >> i & 1;
	return true;
}

// The vnode at a path, which is made with everything above it if it is not there. Changes `path`
// meanwhile.
static int obtain(struct vnode *root, char *path, uint32_t mode, struct vnode **out)
{
	for (char *end = path;;) {
		struct lookup l;
		bool last;
		int r;

		for (end++; *end && *end != '/';)
			end++;
		last = !*end;
		*end = 0;
		r = path_lookup(root, path, LOOKUP_PARENT | LOOKUP_FOLLOW, &l);
		if (!r && l.vnode)
			*out = vnode_get(l.vnode);
		else if (!r)
			r = l.dir->ops->create ?
				    l.dir->ops->create(l.dir, l.name, l.len,
						       last ? mode : S_IFDIR | 0755, 0, NULL, out) :
				    -EROFS;
		if (r)
			return r;
		lookup_put(&l);
		if (last)
			return 0;
		vnode_put(*out);
		*end = '/';
	}
}

void volfs_end(void)
{
	for (unsigned i = 0; i < BUCKETS; i++) {
		for (struct vol_node *n = nodes[i]; n; n = n->next)
			volfs_write_back(&n->v, 0, UINT64_MAX);
	}
	if (voldisk_end)
		voldisk_end();
}

// A disk's file system comes first: its root is what is mounted.
static int mount_disk(unsigned i, uint32_t *nr)
{
	bool readonly = volumes->readonly >> i & 1;
	int r = voldisk_mount ? voldisk_mount(fs_boot, i, volume_path(i), &readonly) : -ENOSYS;

	volumes->readonly |= (uint32_t)readonly << i;
	*nr = voldisk_root(i);
	return r;
}

static int mount_one(unsigned i, struct vnode *root)
{
	struct vol_node top = { .nr = i + 1 };
	bool file = volumes->files >> i & 1;
	char *path = path_buf_get();
	struct vnode *over = NULL, *v;
	struct volume_request *r;
	int err;

	if (!path)
		return -ENOMEM;
	ksnprintf(path, PATH_MAX, "%s", volume_path(i));
	err = volumes->disks >> i & 1 ? mount_disk(i, &top.nr) : 0;
	if (!err)
		err = obtain(root, path, file ? S_IFREG | 0644 : S_IFDIR | 0755, &over);
	if (!err && S_ISDIR(over->mode) == file)
		err = file ? -EISDIR : -ENOTDIR;
	path_buf_put(path);
	r = volfs_begin(VOLUME_GETATTR, &top);
	if (!err)
		err = (int)volfs_call();
	if (!err)
		err = volfs_node(top.nr, &r->attr, NULL, &v);
	if (err)
		return err;
	to_vol(v)->volume = (uint8_t)i;
	vnode_mount(over, v);
	return 0;
}

int volfs_mount(const struct boot_block *boot, struct vnode *root)
{
	int r = 0;

	if (!boot->volumes.request_va)
		return 0;
	volumes = (struct boot_volumes *)&boot->volumes;
	rq = (struct volume_request *)volumes->request_va;
	poller_register(&later_poller);
	for (unsigned i = 0; i < volumes->paths.count && !r; i++) {
		r = mount_one(i, root);
		if (r)
			klog("the volume %s cannot be mounted there: %s", volume_path(i),
			     r == -ENOTDIR ? "a file is in the way" :
			     r == -EISDIR  ? "a directory is in the way" :
			     volumes->disks >> i & 1 ? "its disk is of no use" :
						       "it cannot be made");
	}
	return r;
}
