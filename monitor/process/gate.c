// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <string.h>

#include <monitor/process/half.h>

static bool gate_sane(const struct process_gate *g, uint64_t room)
{
	const uint32_t offsets[] = { g->handler, g->restorer, g->call_end, g->sigreturn_end };

	if (g->len < sizeof(*g) || g->len > room)
		return false;
	for (unsigned i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		if (offsets[i] < sizeof(*g) || offsets[i] >= g->len)
			return false;
	}
	return true;
}

int gate_find(struct half *h, struct failure *why)
{
	const struct image *img = &h->m->image;
	const struct image_part *text = image_part(img, IMAGE_PART_TEXT);
	const uint8_t *bytes = image_bytes(img, IMAGE_PART_TEXT);

	for (uint64_t at = 0; text->len - at >= sizeof(h->gate); at += PROCESS_GATE_ALIGN) {
		if (memcmp(bytes + at, PROCESS_GATE_MAGIC, sizeof(PROCESS_GATE_MAGIC)))
			continue;
		memcpy(&h->gate, bytes + at, sizeof(h->gate));
		if (!gate_sane(&h->gate, text->len - at))
			break;
		h->gate_va = h->m->loaded.boot->text_va + at;
		return 0;
	}
	return failure_set(why, -ENOEXEC,
			   "%s cannot run as a process: its library OS has no gate for that; "
			   "build it again with `pith build`",
			   img->path);
}
