// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Vectors of buffers: the one shape in which data goes between program and files. An iterator is
// consumed from the front.
#include <core/user.h>
#include <asm-generic/errno.h>
#include <mm/mm.h>

void iov_iter_one(struct iov_iter *it, struct iov *storage, void *base, size_t len)
{
	*storage = (struct iov){ .base = base, .len = len };
	*it = (struct iov_iter){ .iov = storage, .count = 1, .left = len };
}

void iov_iter_one_kernel(struct iov_iter *it, struct iov *storage, void *base, size_t len)
{
	iov_iter_one(it, storage, base, len);
	it->kernel = true;
}

void iov_iter_advance(struct iov_iter *it, size_t n)
{
	it->skip += n;
	it->left -= n;
	while (it->count && it->skip >= it->iov->len) {
		it->skip -= it->iov->len;
		it->iov++;
		it->count--;
	}
}

enum direction { OUT, IN, ZERO };

static int copy_piece(const struct iov_iter *it, uint8_t *base, uint8_t *k, size_t n,
		      enum direction dir)
{
	if (it->kernel) {
		if (dir == OUT)
			memcpy(base, k, n);
		else if (dir == IN)
			memcpy(k, base, n);
		else
			memset(base, 0, n);
		return 0;
	}
	if (dir == OUT)
		return copy_to_user(base, k, n);
	return dir == IN ? copy_from_user(k, base, n) : zero_user(base, n);
}

static ssize_t copy(struct iov_iter *it, uint8_t *k, size_t n, enum direction dir)
{
	size_t done = 0;

	n = MIN(n, it->left);
	if (it->count && it->skip >= it->iov->len)
		iov_iter_advance(it, 0);
	while (done < n) {
		size_t piece = MIN(n - done, it->iov->len - it->skip);

		if (copy_piece(it, (uint8_t *)it->iov->base + it->skip, k + done, piece, dir))
			return done ? (ssize_t)done : -EFAULT;
		iov_iter_advance(it, piece);
		done += piece;
	}
	return (ssize_t)done;
}

ssize_t iov_copy_out(struct iov_iter *it, const void *src, size_t n)
{
	return copy(it, (uint8_t *)(uintptr_t)src, n, OUT);
}

ssize_t iov_copy_in(struct iov_iter *it, void *dst, size_t n)
{
	return copy(it, dst, n, IN);
}

ssize_t iov_zero(struct iov_iter *it, size_t n)
{
	return copy(it, NULL, n, ZERO);
}

// Linux caps a vector's sum at MAX_RW_COUNT by shortening it, and refuses single lengths that are
// negative (fs/read_write.c's contract in readv(2)).
#define RW_MAX 0x7ffff000ul
static int check(struct iov_iter *it, struct iov *v, size_t count)
{
	size_t sum = 0;

	for (size_t i = 0; i < count; i++) {
		if ((ssize_t)v[i].len < 0)
			return -EINVAL;
		if (v[i].len && !user_range_ok(v[i].base, v[i].len))
			return -EFAULT;
		v[i].len = MIN(v[i].len, RW_MAX - sum);
		sum += v[i].len;
	}
	*it = (struct iov_iter){ .iov = v, .count = count, .left = sum };
	return 0;
}

int iov_import(struct iov_iter *it, const void *user_iovec, size_t count, struct iov *fast,
	       size_t fast_count, struct iov **alloc)
{
	struct iov *v = fast;
	int r;

	*alloc = NULL;
	if (count > IOV_MAX_COUNT)
		return -EINVAL;
	if (count > fast_count) {
		v = *alloc = kmalloc(count * sizeof(*v));
		if (!v)
			return -ENOMEM;
	}
	r = copy_from_user(v, user_iovec, count * sizeof(*v));
	if (!r)
		r = check(it, v, count);
	if (r) {
		kfree(*alloc);
		*alloc = NULL;
	}
	return r;
}
