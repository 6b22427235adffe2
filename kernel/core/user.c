// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The program's memory: range checks around the copies of user_copy.S, and vectors of buffers.
#include <core/trap.h>
#include <core/user.h>
#include <asm-generic/errno.h>
#include <mm/mm.h>

extern const char user_code[], user_code_end[], user_fault[];
long user_copy(void *dst, const void *src, size_t n);
long user_zero(void *dst, size_t n);
long user_string(char *dst, const char *src, size_t max);
long user_read32(const uint32_t *p, uint32_t *value);
long user_write32(uint32_t *p, uint32_t value);
long user_exchange32(uint32_t *p, uint32_t old, uint32_t new_value, uint32_t *seen);

uintptr_t user_fixup(uintptr_t rip)
{
	if (rip >= (uintptr_t)user_code && rip < (uintptr_t)user_code_end)
		return (uintptr_t)user_fault;
	return 0;
}

// The library OS's window is far above any place that a small address plus a sane length reaches,
// so one comparison tells for most.
bool user_range_ok(const void *p, size_t n)
{
	uintptr_t start = (uintptr_t)p, end = start + n;

	if (end < start || start < USER_LOW || end > USER_HIGH)
		return false;
	return end <= WINDOW_LOW || start >= WINDOW_HIGH;
}

int copy_from_user(void *dst, const void *user, size_t n)
{
	if (!n)
		return 0;
	return user_range_ok(user, n) ? (int)user_copy(dst, user, n) : -EFAULT;
}

int copy_to_user(void *user, const void *src, size_t n)
{
	if (!n)
		return 0;
	return user_range_ok(user, n) ? (int)user_copy(user, src, n) : -EFAULT;
}

int zero_user(void *user, size_t n)
{
	if (!n)
		return 0;
	return user_range_ok(user, n) ? (int)user_zero(user, n) : -EFAULT;
}

ssize_t string_from_user(char *dst, const char *user, size_t size)
{
	uintptr_t at = (uintptr_t)user;
	uintptr_t limit = at < WINDOW_LOW ? WINDOW_LOW : USER_HIGH;
	size_t max;
	ssize_t n;

	if (!user_range_ok(user, 1))
		return -EFAULT;
	max = MIN(size, limit - at);
	n = user_string(dst, user, max);
	if (n < 0 || (size_t)n < max)
		return n;
	return max < size ? -EFAULT : -ENAMETOOLONG;
}

static bool word_ok(const void *p)
{
	return user_range_ok(p, 4);
}

int user_load32(const uint32_t *p, uint32_t *value)
{
	return word_ok(p) ? (int)user_read32(p, value) : -EFAULT;
}

int user_store32(uint32_t *p, uint32_t value)
{
	return word_ok(p) ? (int)user_write32(p, value) : -EFAULT;
}

int user_cas32(uint32_t *p, uint32_t old, uint32_t new_value, uint32_t *seen)
{
	return word_ok(p) ? (int)user_exchange32(p, old, new_value, seen) : -EFAULT;
}
