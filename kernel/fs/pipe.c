// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Pipes: a ring of bytes with two ends. Memory comes when there is something to hold and grows up
// to the capacity; it goes when the pipe is empty and large. Writes of up to PIPE_BUF bytes are not
// interleaved: they wait until there is room for all of it.
#include <fs/pipe.h>
#include <fs/abi.h>
#include <fs/vnode.h>
#include <linux/process.h>
#include <linux/syscall.h>
#include <mm/mm.h>

#define SIGPIPE_ 13
#define FIONREAD 0x541b

struct pipe *pipe_new(void)
{
	struct pipe *p = kzalloc(sizeof(*p));

	if (!p)
		return NULL;
	p->capacity = PIPE_CAPACITY;
	wait_queue_init(&p->readable);
	wait_queue_init(&p->writable);
	return p;
}

void pipe_free(struct pipe *p)
{
	kfree(p->buf);
	kfree(p);
}

static bool is_writer(const struct file *f)
{
	return (f->flags & O_ACCMODE) != O_RDONLY;
}

// The first piece of `n` bytes that begin `at` bytes behind the head.
static size_t piece(const struct pipe *p, size_t at, size_t n, uint8_t **where)
{
	size_t start = (p->head + at) & (p->size - 1);

	*where = p->buf + start;
	return MIN(n, p->size - start);
}

// Makes the ring larger so that n more bytes fit, as far as the capacity and memory allow.
static void ring_grow(struct pipe *p, size_t n)
{
	size_t size = p->size ? p->size : 512, first;
	uint8_t *buf, *from;

	while (size < p->used + n && size < p->capacity)
		size *= 2;
	if (size <= p->size)
		return;
	buf = kmalloc(size);
	if (!buf)
		return;
	if (p->used) {
		first = piece(p, 0, p->used, &from);
		memcpy(buf, from, first);
		memcpy(buf + first, p->buf, p->used - first);
	}
	kfree(p->buf);
	p->buf = buf;
	p->size = size;
	p->head = 0;
}

static ssize_t ring_put(struct pipe *p, struct iov_iter *it)
{
	ssize_t done = 0, n;
	uint8_t *to;

	ring_grow(p, it->left);
	while (it->left && p->used < p->size) {
		size_t len = piece(p, p->used, MIN(p->size - p->used, it->left), &to);

		n = iov_copy_in(it, to, len);
		if (n <= 0)
			return done ? done : n;
		p->used += (size_t)n;
		done += n;
	}
	return done;
}

static ssize_t ring_take(struct pipe *p, struct iov_iter *it)
{
	ssize_t done = 0, n;
	uint8_t *from;

	while (it->left && p->used) {
		size_t len = piece(p, 0, MIN(p->used, it->left), &from);

		n = iov_copy_out(it, from, len);
		if (n <= 0)
			return done ? done : n;
		p->head = (p->head + (size_t)n) & (p->size - 1);
		p->used -= (size_t)n;
		done += n;
	}
	if (!p->used && p->size > PAGE_SIZE) {
		kfree(p->buf);
		p->buf = NULL;
		p->size = 0;
	}
	return done;
}

ssize_t pipe_read(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	struct pipe *p = f->data;
	ssize_t n;
	int r;

	if (!it->left)
		return 0;
	if (!p->used && p->writers) {
		if (file_nowait(f, nowait))
			return -EAGAIN;
		wait_until(&p->readable, p->used || !p->writers, FOREVER, r);
		if (r)
			return -ERESTARTSYS;
	}
	n = ring_take(p, it);
	if (n > 0)
		wake_all(&p->writable, POLLOUT | POLLWRNORM);
	return n;
}

static ssize_t broken(void)
{
	struct siginfo_lite info = { .signo = SIGPIPE_ };

	info.pid = current_process()->pid;
	signal_thread(current(), &info);
	return -EPIPE;
}

static bool has_room(const struct pipe *p, size_t n)
{
	return !p->readers || p->capacity - p->used >= (n <= PIPE_BUF ? n : 1);
}

ssize_t pipe_write(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait)
{
	struct pipe *p = f->data;
	ssize_t done = 0, n;
	int r;

	while (it->left || !p->readers) {
		if (!p->readers)
			return done ? done : it->left ? broken() : 0;
		if (!has_room(p, it->left)) {
			if (file_nowait(f, nowait))
				return done ? done : -EAGAIN;
			wait_until(&p->writable, has_room(p, it->left), FOREVER, r);
			if (r)
				return done ? done : -ERESTARTSYS;
			continue;
		}
		n = ring_put(p, it);
		if (n <= 0)
			return done ? done : n ? n : -ENOMEM;
		done += n;
		wake_all(&p->readable, POLLIN | POLLRDNORM);
	}
	return done;
}

uint32_t pipe_poll(struct file *f, struct wait_queue **q)
{
	struct pipe *p = f->data;
	uint32_t ready = 0;

	*q = is_writer(f) ? &p->writable : &p->readable;
	if ((f->flags & O_ACCMODE) != O_WRONLY)
		ready |= (p->used ? POLLIN | POLLRDNORM : 0) |
			 (!p->writers && p->had_writer ? POLLHUP : 0);
	if (is_writer(f))
		ready |= (p->capacity - p->used >= PIPE_BUF ? POLLOUT | POLLWRNORM : 0) |
			 (!p->readers ? POLLERR : 0);
	return ready;
}

long pipe_ioctl(struct file *f, unsigned long cmd, unsigned long arg)
{
	struct pipe *p = f->data;
	int n = (int)p->used;

	return cmd == FIONREAD ? copy_to_user((void *)arg, &n, sizeof(n)) : -ENOTTY;
}

static int pipe_stat(struct file *f, struct kstat *st)
{
	st->dev = 0xd;
	st->ino = 0x1000 + ((uintptr_t)f->data >> 4) % 0x10000000;
	st->mode = S_IFIFO | 0600;
	return 0;
}

void pipe_end_opened(struct file *f, struct pipe *p)
{
	f->data = p;
	p->refs++;
	if ((f->flags & O_ACCMODE) != O_WRONLY)
		p->readers++;
	if (is_writer(f)) {
		p->writers++;
		p->had_writer = true;
	}
	wake_all(&p->readable, 0);
	wake_all(&p->writable, 0);
}

// Gives true if it was the last end.
bool pipe_end_closed(struct file *f)
{
	struct pipe *p = f->data;

	if ((f->flags & O_ACCMODE) != O_WRONLY && !--p->readers) {
		p->used = 0;
		wake_all(&p->writable, POLLERR | POLLOUT);
	}
	if (is_writer(f) && !--p->writers)
		wake_all(&p->readable, POLLHUP | POLLIN);
	return !--p->refs;
}

static void pipe_release(struct file *f)
{
	if (pipe_end_closed(f))
		pipe_free(f->data);
}

static const struct file_ops pipe_ops = {
	.kind = "pipe",
	.read = pipe_read,
	.write = pipe_write,
	.poll = pipe_poll,
	.ioctl = pipe_ioctl,
	.stat = pipe_stat,
	.release = pipe_release,
};

long pipe_capacity(struct file *f, long set)
{
	struct pipe *p = f->data;
	size_t size = PAGE_SIZE;

	if (f->ops->poll != pipe_poll)
		return -EBADF;
	if (set < 0)
		return (long)p->capacity;
	while (size < (size_t)set)
		size *= 2;
	if (size > PIPE_CAPACITY_MAX)
		return -EPERM;
	if (size < p->used || size < p->size)
		return -EBUSY;
	p->capacity = size;
	wake_all(&p->writable, POLLOUT | POLLWRNORM);
	return (long)size;
}

static long do_pipe(int *user, unsigned flags)
{
	struct pipe *p;
	struct file *end[2];
	int fd[2];

	if (flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT))
		return -EINVAL;
	p = pipe_new();
	if (!p)
		return -ENFILE;
	for (unsigned i = 0; i < 2; i++) {
		end[i] = file_new(&pipe_ops, (i ? O_WRONLY : O_RDONLY) | (flags & O_NONBLOCK), p);
		if (!end[i]) {
			if (i)
				file_put(end[0]);
			else
				pipe_free(p);
			return -ENFILE;
		}
		pipe_end_opened(end[i], p);
	}
	fd[0] = fd_install(end[0], flags & O_CLOEXEC);
	if (fd[0] < 0) {
		file_put(end[1]);
		return fd[0];
	}
	fd[1] = fd_install(end[1], flags & O_CLOEXEC);
	if (fd[1] >= 0 && !copy_to_user(user, fd, sizeof(fd)))
		return 0;
	fd_close(fd[0]);
	if (fd[1] < 0)
		return fd[1];
	fd_close(fd[1]);
	return -EFAULT;
}

long sys_pipe(int *user)
{
	return do_pipe(user, 0);
}

long sys_pipe2(int *user, unsigned flags)
{
	return do_pipe(user, flags);
}
