// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Which word a futex call means: in shared memory the place in the file, wherever it is mapped and
// by whom; else the address, in the process's memory (fork gives two processes the same addresses).
#include <linux/futex_table.h>
#include <linux/process.h>
#include <mm/mm.h>

struct futex_key futex_key(const uint32_t *addr, bool private)
{
	struct mm *mm = current_process()->mm;
	uint64_t off = 0;
	const void *object = private ? NULL : mm_shared_object(mm, (uintptr_t)addr, &off);

	if (object)
		return (struct futex_key){ object, off };
	return (struct futex_key){ mm, (uintptr_t)addr };
}
