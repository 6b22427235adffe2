// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// /proc and /sys: what programs are known to read of them, one table (fs/proc_table.c). Nodes are made by
// look-up and hold nothing but their place in the table; the text is made when a file is read from its
// beginning.
#include <fs/procfs.h>
#include <fs/abi.h>
#include <linux/process.h>
#include <mm/mm.h>

// See fs/sys_open.c.
void *const procfs_needs[] __attribute__((used)) = { (void *)procfs_file_name };

#define FD_DIR 'F'
#define TASK_DIR 'T'
#define FD_LINK 'l'     // of a file with a vnode or without
#define FDINFO_DIR 'I'
#define FDINFO '1'
#define FD_FILE 'O'     // what the link of a file without a vnode leads to

struct pnode {
	struct vnode v;
	const char *record; // in the table; NULL for what has none: roots, /proc/PID, descriptors
	char dir;           // a directory's letter
	char kind;
	int id;             // process, thread, or descriptor
	int pid;            // whose directory it is in; 0: nobody's
	bool sys;           // of /sys
};

static const struct vnode_ops proc_ops, link_ops, text_link_ops, fd_file_ops;

static struct pnode *to_pnode(struct vnode *v)
{
	return container_of(v, struct pnode, v);
}

static uint32_t mode_of(char kind)
{
	switch (kind) {
	case 'd': case FD_DIR: case FDINFO_DIR: case TASK_DIR: return S_IFDIR | 0555;
	case 'L': case FD_LINK: return S_IFLNK | 0777;
	default: return S_IFREG | 0444;
	}
}

static struct pnode *pnode_new(struct vnode *parent, char kind, char dir, int id)
{
	struct pnode *n = kzalloc(sizeof(*n));

	if (!n)
		return NULL;
	vnode_init(&n->v,
		   kind == FD_FILE	  ? &fd_file_ops :
		   S_ISLNK(mode_of(kind)) ? &link_ops :
					    &proc_ops,
		   mode_of(kind) | (kind == FD_FILE ? 0222 : 0));
	n->kind = kind;
	n->dir = dir;
	n->id = id;
	n->pid = parent ? to_pnode(parent)->pid : 0;
	n->sys = parent ? to_pnode(parent)->sys : dir == 'y';
	if (S_ISDIR(n->v.mode) && parent)
		n->v.parent = vnode_get(parent);
	return n;
}

static struct pnode *process_dir(struct vnode *parent, int pid)
{
	struct pnode *n = pnode_new(parent, 'd', 'P', pid);

	if (n)
		n->pid = pid;
	return n;
}

// Whose it is; NULL: gone.
static struct process *owner(const struct pnode *n)
{
	return n->pid ? process_find(n->pid) : current_process();
}

static struct file *file_of(const struct pnode *n, int fd)
{
	struct process *p = owner(n);

	return p && p->files ? fd_get_of(p->files, fd) : NULL;
}

static int give(struct pnode *n, struct vnode **out)
{
	if (!n)
		return -ENOMEM;
	*out = &n->v;
	return 0;
}

// A decimal number of at most 9 digits, or -1.
static int number(const char *name, size_t len)
{
	int n = 0;

	if (!len || len > 9 || (len > 1 && *name == '0'))
		return -1;
	for (; len; len--, name++) {
		if (*name < '0' || *name > '9')
			return -1;
		n = n * 10 + (*name - '0');
	}
	return n;
}

static int lookup_number(struct pnode *dir, int id, struct vnode **out)
{
	struct thread *t;
	struct file *f;

	if (dir->kind == FD_DIR || dir->kind == FDINFO_DIR) {
		f = file_of(dir, id);
		if (!f)
			return -ENOENT;
		file_put(f);
		return give(pnode_new(&dir->v, dir->kind == FD_DIR ? FD_LINK : FDINFO, 0, id),
			    out);
	}
	if (dir->dir == 'p' && process_find(id))
		return give(process_dir(&dir->v, id), out);
	t = dir->kind == TASK_DIR ? thread_find(id) : NULL;
	return t && t->process->pid == dir->pid ? give(pnode_new(&dir->v, 'd', 'P', id), out) : -ENOENT;
}

// Is this record an entry of the directory? A thread's directory has what the process's has, but no
// threads again.
static bool is_entry(const struct pnode *dir, const char *r)
{
	return r[0] == dir->dir && !(proc_more_hidden && proc_more_hidden(r)) &&
	       !(r[1] == TASK_DIR && dir->v.parent && to_pnode(dir->v.parent)->kind == TASK_DIR);
}

static int proc_lookup(struct vnode *v, const char *name, size_t len, struct vnode **out)
{
	struct pnode *dir = to_pnode(v), *n;
	int id = number(name, len);

	if (id >= 0)
		return lookup_number(dir, id, out);
	for (const char *r = proc_table; r; r = proc_record_after(r)) {
		if (!is_entry(dir, r) || strlen(r + 2) != len || memcmp(r + 2, name, len))
			continue;
		n = pnode_new(v, r[1], r[1] == 'd' ? *proc_record_text(r) : 0, dir->id);
		if (n)
			n->record = r;
		if (n && r[1] == 'L' && strchr("st", *proc_record_text(r)))
			n->v.ops = &text_link_ops; // self and thread-self lead where they say
		return give(n, out);
	}
	return -ENOENT;
}

static uint64_t ino_of(char kind, const char *record, int id)
{
	return 1ull << 40 | (uint64_t)id << 20 | (uint64_t)(uint8_t)kind << 12 |
	       (record ? proc_record_place(record) + 1 : 0);
}

static bool emit_number(struct dir_sink *sink, int id, char kind, uint64_t *off)
{
	unsigned type = mode_of(kind) >> 12;
	char name[12];
	int len = ksnprintf(name, sizeof(name), "%d", id);

	if (!sink->emit(sink, name, (size_t)len, ino_of(kind, NULL, id), type,
			(uint64_t)id + 0x10001))
		return false;
	*off = (uint64_t)id + 0x10001;
	return true;
}

// The lowest process, or thread of p, from this number on; -1: none.
static int next_id(const struct pnode *dir, struct process *p, int from)
{
	struct list *all = dir->kind != TASK_DIR ? &process_list : p ? &p->threads : NULL;
	int best = INT32_MAX;

	if (!all)
		return -1;
	list_for_each(l, all) {
		int id = dir->kind == TASK_DIR ? list_entry(l, struct thread, all)->tid :
						 list_entry(l, struct process, link)->pid;

		if (id >= from)
			best = MIN(best, id);
	}
	return best == INT32_MAX ? -1 : best;
}

static void list_numbers(struct pnode *dir, uint64_t *off, struct dir_sink *sink)
{
	struct process *p = owner(dir);
	int from = (int)(*off - 0x10000);

	if (dir->kind == FD_DIR || dir->kind == FDINFO_DIR) {
		while (p && p->files && (from = fd_next(p->files, from)) >= 0 &&
		       emit_number(sink, from, dir->kind == FD_DIR ? FD_LINK : FDINFO, off))
			from++;
	} else if (dir->kind == TASK_DIR || dir->dir == 'p') {
		while ((from = next_id(dir, p, from)) >= 0 && emit_number(sink, from, 'd', off))
			from++;
	}
}

// Positions: 0 and 1 the dots, then the record's place in the table + 2, then 0x10000 + number.
static int proc_readdir(struct vnode *v, uint64_t *off, struct dir_sink *sink)
{
	struct pnode *dir = to_pnode(v);

	for (; *off < 2; ++*off)
		if (!sink->emit(sink, "..", 1 + *off, ino_of(dir->kind, dir->record, dir->id), 4,
				*off + 1))
			return 0;
	for (const char *r = proc_table; r && *off < 0x10000; r = proc_record_after(r)) {
		uint64_t next = proc_record_place(r) + 3;

		if (!is_entry(dir, r) || next <= *off)
			continue;
		if (!sink->emit(sink, r + 2, strlen(r + 2), ino_of(r[1], r, dir->id),
				mode_of(r[1]) >> 12, next))
			return 0;
		*off = next;
	}
	*off = MAX(*off, 0x10000u);
	list_numbers(dir, off, sink);
	return 0;
}

static int proc_getattr(struct vnode *v, struct kstat *st)
{
	struct pnode *n = to_pnode(v);

	st->dev = n->sys ? DEV_SYS : DEV_PROC;
	st->ino = ino_of(n->kind, n->record, n->id);
	st->mtime_ns = st->atime_ns = st->ctime_ns = fs_now();
	return 0;
}

static void fd_text(struct text *t, const struct pnode *n)
{
	struct file *f = file_of(n, n->id);
	struct kstat st;

	if (!f)
		return;
	if (file_stat(f, &st))
		st.ino = 0;
	if (f->path)
		text_add(t, "%s%s", f->path, f->vnode && !st.nlink ? " (deleted)" : "");
	else if (f->ops->kind[0] == '[')
		text_add(t, "anon_inode:%s", f->ops->kind);
	else if (st.rdev)
		text_add(t, "/dev/console");
	else
		text_add(t, "%s:[%lu]", (st.mode & S_IFMT) == S_IFIFO ? "pipe" : f->ops->kind,
			 st.ino);
	file_put(f);
}

static ssize_t proc_readlink(struct vnode *v, char *buf, size_t size)
{
	struct pnode *n = to_pnode(v);
	struct process *p = owner(n);
	struct text t = { 0 };
	ssize_t r = 0;

	if (!p || !p->cwd)
		return -ENOENT;
	switch (n->record ? *proc_record_text(n->record) : 'f') {
	case 's': text_add(&t, "%d", p->pid); break;
	case 't': text_add(&t, "%d/task/%d", p->pid, current()->tid); break;
	case 'x': text_add(&t, "%s%s", *p->invocation->exe == '/' ? "" : "/", p->invocation->exe); break;
	case 'r': text_add(&t, "/"); break;
	case 'w': return vnode_path(p->cwd, buf, size);
	default: fd_text(&t, n); break;
	}
	if (!t.failed && t.buf) {
		r = (ssize_t)MIN(t.len, size);
		memcpy(buf, t.buf, (size_t)r);
	}
	kfree(t.buf);
	return r ? r : -ENOENT;
}

static struct pnode *fd_file(const struct pnode *link)
{
	struct pnode *n = pnode_new(NULL, FD_FILE, 0, link->id);

	if (n)
		n->pid = link->pid;
	return n;
}

// Where a link leads. What a descriptor leads to is its file, whatever its name says by now.
static int proc_follow(struct vnode *v, struct vnode **out)
{
	struct pnode *n = to_pnode(v);
	struct process *p = owner(n);
	struct file *f;
	int r = 0;

	if (!p || !p->cwd)
		return -ENOENT;
	switch (n->record ? *proc_record_text(n->record) : 'f') {
	case 'x':
		return path_vnode(p->root, p->invocation->exe, LOOKUP_FOLLOW, out);
	case 'r':
	case 'w':
		*out = vnode_get(*proc_record_text(n->record) == 'r' ? p->root : p->cwd);
		return 0;
	case 'f':
		f = file_of(n, n->id);
		if (!f)
			return -ENOENT;
		if (f->vnode)
			*out = vnode_get(f->vnode);
		else
			r = give(fd_file(n), out);
		file_put(f);
		return r;
	default: return -ENOENT; // not of magic_ops
	}
}

static int text_make(struct file *f, struct text *t)
{
	struct pnode *n = to_pnode(f->vnode);

	t->len = 0;
	if (n->kind == '=')
		text_add(t, "%s", proc_record_text(n->record));
	else if (n->pid && !owner(n))
		return -ESRCH;
	else if ((!n->pid || !proc_pid_text(t, n->kind, owner(n), n->id)) &&
		 !proc_system_text(t, n->kind) && proc_more_text)
		proc_more_text(t, n->kind, n->record, owner(n), n->id);
	return t->failed ? -ENOMEM : 0;
}

static ssize_t proc_file_read(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	struct text *t = f->data;
	ssize_t n;
	int r;

	if (!*pos || !t->buf) {
		r = text_make(f, t);
		if (r)
			return r;
	}
	if (*pos >= t->len)
		return 0;
	n = iov_copy_out(it, t->buf + *pos, t->len - *pos);
	if (n > 0)
		*pos += (uint64_t)n;
	return n;
}

static ssize_t proc_file_write(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	const struct pnode *n = to_pnode(f->vnode);

	return proc_more_write ? proc_more_write(n->kind, owner(n), n->id, it) : -EINVAL;
}

static int64_t proc_file_seek(struct file *f, int64_t off, int whence)
{
	if (whence == SEEK_CUR)
		off += (int64_t)f->pos;
	else if (whence != SEEK_SET)
		return -EINVAL;
	if (off < 0)
		return -EINVAL;
	return (int64_t)(f->pos = (uint64_t)off);
}

static void proc_file_release(struct file *f)
{
	kfree(((struct text *)f->data)->buf);
	kfree(f->data);
}

static const struct file_ops proc_file_ops = {
	.kind = "proc",
	.read = proc_file_read,
	.write = proc_file_write,
	.seek = proc_file_seek,
	.release = proc_file_release,
};

static int proc_open(struct vnode *v, struct file **f)
{
	struct pnode *n = to_pnode(v);
	struct file *other;

	if (S_ISDIR(v->mode))
		return 0;
	if (n->kind == FD_FILE) {
		other = file_of(n, n->id);
		if (!other)
			return -ENOENT;
		file_put(*f);
		*f = other;
		return 0;
	}
	(*f)->data = kzalloc(sizeof(struct text));
	if (!(*f)->data)
		return -ENOMEM;
	(*f)->ops = &proc_file_ops;
	return 0;
}

// Only to say that a file may be opened for writing: what a descriptor leads to allows that or not,
// and so does each file of /proc.
static ssize_t proc_write(struct vnode *v, struct iov_iter *it, uint64_t off)
{
	return -EINVAL;
}

static void proc_release(struct vnode *v)
{
	kfree(to_pnode(v));
}

static const struct vnode_ops proc_ops = {
	.lookup = proc_lookup,
	.readdir = proc_readdir,
	.getattr = proc_getattr,
	.write = proc_write,
	.open = proc_open,
	.release = proc_release,
};

static const struct vnode_ops fd_file_ops = {
	.getattr = proc_getattr,
	.write = proc_write,
	.open = proc_open,
	.release = proc_release,
};

static const struct vnode_ops link_ops = {
	.getattr = proc_getattr,
	.readlink = proc_readlink,
	.follow = proc_follow,
	.release = proc_release,
};
static const struct vnode_ops text_link_ops = {
	.getattr = proc_getattr,
	.readlink = proc_readlink,
	.release = proc_release,
};

int procfs_mount(struct vnode *root)
{
	static const struct {
		char name[5], letter;
	} mounts[] = { { "proc", 'p' }, { "sys", 'y' } };

	for (size_t i = 0; i < ARRAY_LEN(mounts); i++) {
		struct pnode *n = pnode_new(NULL, 'd', mounts[i].letter, 0);
		struct vnode *over;
		int r = n ? root->ops->lookup(root, mounts[i].name, strlen(mounts[i].name), &over) :
			    -ENOMEM;

		if (r)
			return r;
		vnode_mount(over, &n->v);
	}
	return 0;
}
