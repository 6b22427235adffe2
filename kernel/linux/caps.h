// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Capabilities of a process, kept as capabilities(7) describes: root has them all, and loses them
// with its uid unless it says otherwise. They are what programs ask and check, and what a change of
// user or group needs (uids.c); everything else that may be done goes by the effective uid alone.
#ifndef LINUX_CAPS_H
#define LINUX_CAPS_H

#include <stdbool.h>
#include <stdint.h>

#define CAPS_ALL ((1ul << 41) - 1) /* CAP_LAST_CAP is CAP_CHECKPOINT_RESTORE, 40 */

// Of the sets that are full at the beginning it is what is missing that is kept: 0 is root.
struct capabilities {
	uint64_t not_permitted, not_effective, not_bounding, inheritable, ambient;
	uint32_t secure_bits;
	bool keep; // PR_SET_KEEPCAPS
};

// A program takes the place of another: capabilities(7), "Transformation of capabilities during
// execve()", for files without capabilities of their own.
static inline void caps_exec(struct capabilities *c, bool root)
{
	c->not_permitted = root ? c->not_bounding & ~c->inheritable : ~c->ambient & CAPS_ALL;
	c->not_effective = c->not_permitted;
	c->keep = false;
}

struct process;
// The user ids were changed: `was` has what they were, real, effective, saved.
void caps_follow_uid(struct process *p, const uint32_t was[3]);

#endif
