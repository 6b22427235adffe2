// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A guest's control port: the first byte says how the rest comes in pieces, and when it is asked.
#include <string.h>

#include <monitor/qemu/door.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct qemu_door door;
	size_t piece;

	if (!size)
		return 0;
	memset(&door, 0, sizeof(door));
	piece = 1 + (data[0] & 0x7f) * 9;
	for (size_t at = 1; at < size; at += piece) {
		bool was = door.broken;

		if (data[0] & 0x80)
			door.asked = true;
		if (door_take(&door, data + at, size - at < piece ? size - at : piece) == door.broken ||
		    (was && !door.broken))
			__builtin_trap();
	}
	if (door.exited && (door.broken || door.status < 0 || door.status > 255))
		__builtin_trap();
	return 0;
}
