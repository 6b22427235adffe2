// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Moving data between files inside the library OS: sendfile, copy_file_range, splice, tee. Pages of
// regular files are written from where they are, be it in the image; everything else goes through
// one page of buffer.
#include <fs/abi.h>
#include <fs/file.h>
#include <fs/pipe.h>
#include <fs/vnode.h>
#include <mm/mm.h>

#define BUFFER_MAX (64ul << 10)

#pragma weak pipe_poll

#define RUN 16 /* pages written at once */

// Up to RUN pages from a regular file. 0 at its end.
static ssize_t move_pages(struct file *out, uint64_t *out_pos, struct file *in, uint64_t *in_pos,
			  size_t n)
{
	struct iov_iter it = { .kernel = true };
	struct iov iov[RUN];
	struct kstat st;
	paddr_t pa[RUN];
	ssize_t r = vnode_stat(in->vnode, &st);
	uint64_t at = *in_pos;

	if (r || at >= st.size)
		return r;
	n = MIN(n, st.size - at);
	while (it.left < n && it.count < RUN && !r) {
		size_t in_page = at % PAGE_SIZE, len = MIN(n - it.left, PAGE_SIZE - in_page);

		r = in->vnode->ops->get_page(in->vnode, at, false, &pa[it.count]);
		if (r)
			break;
		iov[it.count] = (struct iov){ (char *)page_va(pa[it.count]) + in_page, len };
		it.count++;
		it.left += len;
		at += len;
	}
	it.iov = iov;
	n = it.count;
	if (n)
		r = out->ops->write(out, &it, out_pos, false);
	while (n)
		frame_put(pa[--n]);
	if (r > 0)
		*in_pos += (uint64_t)r;
	return r;
}

// Through a buffer: what cannot be written is lost to nobody only if the input has positions or
// takes it all, so of others no more is read than a pipe or socket would take at once.
static ssize_t move_buffered(struct file *out, uint64_t *out_pos, struct file *in, uint64_t *in_pos,
			     size_t n, bool nowait)
{
	size_t room = MIN(n, in_pos ? BUFFER_MAX : PAGE_SIZE);
	char *buf = kmalloc(room);
	struct iov_iter it;
	struct iov one;
	ssize_t got, put = 0, r = 0;

	if (!buf)
		buf = kmalloc(room = MIN(room, PAGE_SIZE));
	if (!buf)
		return -ENOMEM;
	iov_iter_one_kernel(&it, &one, buf, room);
	got = in->ops->read(in, &it, in_pos, nowait);
	while (put < got &&
	       (r = file_write_kernel(out, buf + put, (size_t)(got - put), out_pos)) > 0)
		put += r;
	kfree(buf);
	if (put < got && in_pos)
		*in_pos -= (uint64_t)(got - put);
	return got <= 0 ? got : put ? put : r;
}

static ssize_t move(struct file *out, uint64_t *out_pos, struct file *in, uint64_t *in_pos,
		    size_t n, bool nowait)
{
	bool pages = in->vnode && in->vnode->ops->get_page && in->ops == &vnode_file_ops;
	ssize_t done = 0, r;

	while (n) {
		r = pages ? move_pages(out, out_pos, in, in_pos, n) :
			    move_buffered(out, out_pos, in, in_pos, n, nowait || done);
		if (r <= 0)
			return done ? done : r;
		done += r;
		n -= (size_t)r;
	}
	return done;
}

struct pair {
	struct file *in, *out;
	bool apart; // in one file, what is read and what is written may not overlap
};

// Both files, checked for reading and writing.
static int pair_get(struct pair *p, int in, int out)
{
	*p = (struct pair){ .in = fd_get(in), .out = fd_get(out) };
	if (p->in && p->out && (p->in->flags & O_ACCMODE) != O_WRONLY &&
	    (p->out->flags & O_ACCMODE) != O_RDONLY && !((p->in->flags | p->out->flags) & O_PATH)) {
		if (p->in->ops->read && p->out->ops->write)
			return 0;
		return -EINVAL;
	}
	return -EBADF;
}

static void pair_put(struct pair *p)
{
	if (p->in)
		file_put(p->in);
	if (p->out)
		file_put(p->out);
}

// The position that a call names, or the file's own (user NULL). `store` is where a named one is
// kept meanwhile.
static int pos_get(struct file *f, const void *user, uint64_t *store, uint64_t **pos)
{
	*pos = f->ops->seek ? &f->pos : NULL;
	if (!user)
		return 0;
	if (!f->ops->seek)
		return -ESPIPE;
	if (copy_from_user(store, user, sizeof(*store)))
		return -EFAULT;
	*pos = store;
	return (int64_t)*store < 0 ? -EINVAL : 0;
}

static int pos_put(void *user, const uint64_t *pos)
{
	return user ? copy_to_user(user, pos, sizeof(*pos)) : 0;
}

// From one place of a file to another: what is copied was there before (it does not grow while it is
// read), and the places are apart.
static long within_file(struct file *f, uint64_t from, uint64_t to, size_t *n)
{
	struct kstat st;
	int r = vnode_stat(f->vnode, &st);

	if (r)
		return r;
	*n = from < st.size ? MIN(*n, st.size - from) : 0;
	return from < to + *n && to < from + *n ? -EINVAL : 0;
}

static long transfer(struct pair *p, void *in_user, void *out_user, size_t n, bool nowait)
{
	uint64_t in_store, out_store, *in_pos, *out_pos;
	long r = pos_get(p->in, in_user, &in_store, &in_pos);

	if (!r)
		r = pos_get(p->out, out_user, &out_store, &out_pos);
	n = MIN(n, (size_t)RW_MAX);
	if (!r && p->apart && p->in->vnode == p->out->vnode)
		r = within_file(p->in, *in_pos, *out_pos, &n);
	if (r)
		return r;
	r = move(p->out, out_pos, p->in, in_pos, n, nowait);
	if (r >= 0 && (pos_put(in_user, in_pos) || pos_put(out_user, out_pos)))
		return -EFAULT;
	return r;
}

long sys_sendfile(int out, int in, void *off, size_t n)
{
	struct pair p;
	long r = pair_get(&p, in, out);

	if (!r && p.out->flags & O_APPEND)
		r = -EINVAL;
	if (!r)
		r = transfer(&p, off, NULL, n, false);
	pair_put(&p);
	return r;
}

static bool is_regular(const struct file *f)
{
	return f->vnode && S_ISREG(f->vnode->mode);
}

long sys_copy_file_range(int in, void *in_off, int out, void *out_off, size_t n, unsigned flags)
{
	struct pair p;
	long r = pair_get(&p, in, out);

	if (!r && flags)
		r = -EINVAL;
	if (!r && ((p.in->vnode && S_ISDIR(p.in->vnode->mode)) ||
		   (p.out->vnode && S_ISDIR(p.out->vnode->mode))))
		r = -EISDIR;
	if (!r && (!is_regular(p.in) || !is_regular(p.out)))
		r = -EINVAL;
	if (!r && (p.out->flags & O_APPEND))
		r = -EBADF;
	p.apart = true;
	if (!r)
		r = transfer(&p, in_off, out_off, n, false);
	pair_put(&p);
	return r;
}

static bool is_pipe(const struct file *f)
{
	return pipe_poll && f->ops->poll == pipe_poll;
}

#define SPLICE_F_NONBLOCK 2
#define SPLICE_F_ALL 15

long sys_splice(int in, void *in_off, int out, void *out_off, size_t n, unsigned flags)
{
	struct pair p;
	long r = pair_get(&p, in, out);

	if (!r && ((flags & ~SPLICE_F_ALL) || (!is_pipe(p.in) && !is_pipe(p.out))))
		r = -EINVAL;
	if (!r && is_pipe(p.in) && is_pipe(p.out) && p.in->data == p.out->data)
		r = -EINVAL;
	if (!r && ((is_pipe(p.in) && in_off) || (is_pipe(p.out) && out_off)))
		r = -ESPIPE;
	if (!r)
		r = transfer(&p, in_off, out_off, n, flags & SPLICE_F_NONBLOCK);
	pair_put(&p);
	return r;
}

long sys_tee(int in, int out, size_t n, unsigned flags)
{
	struct pair p;
	struct pipe *from;
	size_t done = 0;
	long r = pair_get(&p, in, out);

	if (!r && (!is_pipe(p.in) || !is_pipe(p.out) || p.in->data == p.out->data ||
		   (flags & ~SPLICE_F_ALL)))
		r = -EINVAL;
	if (!r) {
		from = p.in->data;
		if (!from->used && from->writers)
			r = -EAGAIN;
		for (n = MIN(n, from->used); !r && done < n;) {
			size_t start = (from->head + done) & (from->size - 1);
			ssize_t put = file_write_kernel(p.out, from->buf + start,
							MIN(n - done, from->size - start), NULL);

			if (put <= 0)
				r = put;
			else
				done += (size_t)put;
		}
	}
	pair_put(&p);
	return done ? (long)done : r;
}
