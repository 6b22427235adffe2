// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// `pith export`: an image as a disk or CD that a machine with a BIOS or UEFI boots.
#ifndef EXPORT_EXPORT_H
#define EXPORT_EXPORT_H

#include <stdint.h>

#include <export/container.h>
#include <host/failure.h>

struct export {
	const char *image, *output;
	const char *command_line; // of the image; "": none
	enum format format;
	uint64_t size;            // of a disk; 0: as small as may be
};

// Writes the output, whole or not at all. *bytes is how long the file became. 0 or a negative errno
// with *why; -EINTR: a signal that the caller has blocked (image/interrupt.h) has come.
int export_image(const struct export *e, uint64_t *bytes, struct failure *why);

#endif
