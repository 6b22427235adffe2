// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The program's memory as seen from system calls. Program and library OS share the address space,
// so these are plain copies that survive a fault: pages not yet there are filled, addresses of
// nothing (or of the library OS itself) give -EFAULT. Nothing else in the library OS may touch
// memory that the program named.
#ifndef CORE_USER_H
#define CORE_USER_H

#include <stddef.h>
#include <stdint.h>
#include <core/klib.h>

// Both give 0 or -EFAULT (then some bytes may have been copied).
int copy_from_user(void *dst, const void *user, size_t n);
int copy_to_user(void *user, const void *src, size_t n);
int zero_user(void *user, size_t n);

// Copies a NUL-terminated string with its NUL. Gives its length, -EFAULT, or -ENAMETOOLONG if there
// is no NUL in `size` bytes.
ssize_t string_from_user(char *dst, const char *user, size_t size);

// Is [p, p+n) in the program's half of the address space? Says nothing about what is mapped there.
bool user_range_ok(const void *p, size_t n);

// The word at p, atomically. 0 or -EFAULT.
int user_load32(const uint32_t *p, uint32_t *value);
int user_store32(uint32_t *p, uint32_t value);
int user_cas32(uint32_t *p, uint32_t old, uint32_t new_value, uint32_t *seen); // *seen: what was
									       // there

// A vector of buffers in the program's memory, as readv takes them; consumed from the front.
struct iov {
	void *base; // user address, or a kernel address where iov_iter.kernel is set
	size_t len;
};
struct iov_iter {
	const struct iov *iov; // in kernel memory
	size_t count;          // of them
	size_t skip;           // bytes already used of the first
	size_t left;           // bytes left in all
	bool kernel;           // the bases are kernel addresses (sendfile, exec): no checks
};
void iov_iter_one(struct iov_iter *it, struct iov *storage, void *base, size_t len);
void iov_iter_one_kernel(struct iov_iter *it, struct iov *storage, void *base, size_t len);
// Moves on by n bytes (at most it->left), and past pieces that are used up or empty.
void iov_iter_advance(struct iov_iter *it, size_t n);
// Copies up to n bytes between kernel memory and the vector and moves on. Gives bytes copied (less
// than n only at the vector's end), or -EFAULT if the very first byte failed.
ssize_t iov_copy_out(struct iov_iter *it, const void *src, size_t n); // kernel -> program
ssize_t iov_copy_in(struct iov_iter *it, void *dst, size_t n);        // program -> kernel
ssize_t iov_zero(struct iov_iter *it, size_t n);

#define IOV_MAX_COUNT 1024 /* UIO_MAXIOV */

// Brings a struct iovec array in: gives a kernel array (the `fast` one if it fits, else kmalloc'ed
// into *alloc: kfree it). Gives 0, -EFAULT, -EINVAL or -ENOMEM.
int iov_import(struct iov_iter *it, const void *user_iovec, size_t count, struct iov *fast,
	       size_t fast_count, struct iov **alloc);

#endif
