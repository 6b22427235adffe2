// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The door for images, without the sum that would keep the fuzzer out, and the loader behind it.
// The input is an image, or, if its first byte is odd, changes to a sound one: an offset (2 bytes),
// a length (1) and bytes, over and over.
#include <stdlib.h>
#include <string.h>

#include <monitor/load.h>
#include <tests/unit/monitor/sample_image.h>

#define MEMORY (2ul << 20)

static void change(struct sample *s, const uint8_t *data, size_t size)
{
	sample_make(s);
	while (size >= 3) {
		size_t at = (data[0] | data[1] << 8) % SAMPLE_LEN, len = data[2] % 16 + 1;

		data += 3;
		size -= 3;
		if (len > size)
			len = size;
		if (len > SAMPLE_LEN - at)
			len = SAMPLE_LEN - at;
		memcpy(s->bytes + at, data, len);
		data += len;
		size -= len;
	}
}

static void load(const struct image *img, uint8_t *ram)
{
	struct load_config cfg = {
		.ram = ram, .memory = MEMORY, .platform = BOOT_KVM
	};
	struct failure why;
	struct loaded l;

	memset(ram, 0, MEMORY);
	if (load_checked_image(img, &cfg, &l, &why))
		return;
	for (unsigned i = 1; i < l.maps; i++) {
		if (l.map[i - 1].va + l.map[i - 1].len > l.map[i].va)
			__builtin_trap();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sample sample;
	static struct image img;
	static uint8_t *ram;
	struct failure why;
	uint8_t *copy;

	if (!ram)
		ram = aligned_alloc(4096, MEMORY);
	if (size && (data[0] & 1)) {
		change(&sample, data + 1, size - 1);
		data = sample.bytes;
		size = SAMPLE_LEN;
	}
	copy = aligned_alloc(4096,
			     (size + 4095) & ~4095ul); // as a mapping of the file: whole pages
	if (!copy)
		return 0;
	memset(copy, 0, (size + 4095) & ~4095ul);
	if (size)
		memcpy(copy, data, size);
	if (!image_check(&img, copy, size, false, &why))
		load(&img, ram);
	free(copy);
	return 0;
}
