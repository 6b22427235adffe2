// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What goes through the port "pith.control" of a virtio console: how `pith run --on qemu` tells the
// guest what its own monitor would write into struct vcpu_area, and learns from it what it would
// read there. Both directions are streams of struct pc_message, little-endian; neither side trusts
// the other's. The port need not be there.
//
// The console's other ports: "pith.console" is standard input and output, or where there is none the
// first (the console port), of which QEMU drops what nobody takes in time; "pith.stderr" is standard
// error, which goes there too where there is none.
#ifndef PITH_PC_CONTROL_H
#define PITH_PC_CONTROL_H

#include <stdint.h>

#define PC_PORT_CONSOLE "pith.console"
#define PC_PORT_CONTROL "pith.control"
#define PC_PORT_STDERR "pith.stderr"

enum pc_message_kind {
	// Host to guest.
	PC_SIGNAL = 1,  // value: the signal's number, as for vcpu_area.host_signals
	PC_WINDOW,      // value: rows << 16 | columns of the terminal
	PC_ASK,         // please send PC_AREA
	PC_INPUT_END,   // end of file on standard input
	PC_STREAM,      // value: stream (1, 2) << 16 | why what was written there is lost, as for
			// vcpu_area.stream_error
	// Guest to host.
	PC_EXIT = 16,   // value: vcpu_area.exit_status; the last message
	PC_AREA,        // value: sizeof(struct vcpu_area); that many bytes follow: a copy of it
	PC_STARTED,     // the program's first instruction is next
};

struct pc_message {
	uint32_t kind;
	uint32_t value;
};
_Static_assert(sizeof(struct pc_message) == 8, "shared by guest and host");

#endif
