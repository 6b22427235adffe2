// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// getrandom(2). The generator is seeded before the first instruction, so nothing ever blocks.
#include <asm-generic/errno.h>
#include <linux/random.h>

#include <core/user.h>
#include <linux/syscall.h>

#define LEN_MAX 0x7fffffful /* as Linux: INT_MAX >> 4 */

long sys_getrandom(void *buf, size_t len, unsigned flags)
{
	uint8_t piece[256];
	size_t done = 0;

	if (flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE) ||
	    (flags & (GRND_RANDOM | GRND_INSECURE)) == (GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	len = MIN(len, LEN_MAX);
	while (done < len) {
		size_t n = MIN(len - done, sizeof(piece));

		random_bytes(piece, n);
		if (copy_to_user((uint8_t *)buf + done, piece, n))
			return done ? (long)done : -EFAULT;
		done += n;
	}
	return (long)done;
}
