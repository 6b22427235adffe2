// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The one door for what the guest says on its control port (include/pith/pc_control.h). Whatever
// does not keep to the rules closes it: the guest goes on without.
#ifndef MONITOR_QEMU_DOOR_H
#define MONITOR_QEMU_DOOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pith/boot.h>
#include <pith/pc_control.h>

struct qemu_door {
	bool started, exited, asked, broken;
	bool answered;         // PC_AREA has come: what was asked is in `area`
	int status;            // if exited: 0..255
	struct vcpu_area area; // only to be looked at as numbers
	// The message that is coming.
	struct pc_message head;
	size_t have;           // bytes of it and of what follows it
};

// Takes bytes as they come. Gives false once the door is closed.
bool door_take(struct qemu_door *d, const uint8_t *bytes, size_t len);

#endif
