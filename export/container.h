// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The formats of hypervisors. qemu-img writes them; what it takes from a random source or a clock
// (ids) is then made from the image's sum, so that the same image gives the same bytes.
#ifndef EXPORT_CONTAINER_H
#define EXPORT_CONTAINER_H

#include <stdint.h>

#include <host/failure.h>

enum format { FORMAT_RAW, FORMAT_QCOW2, FORMAT_VMDK, FORMAT_VDI, FORMAT_VHDX, FORMAT_ISO, FORMATS };

// What --format and the ends of file names call them.
extern const char *const format_name[FORMATS];

// Makes the file `temp`, which is to be called `output`, of a raw disk. 0 or a negative errno with
// *why.
int container_make(enum format format, int raw, const char *temp, const char *output,
		   const uint64_t sum[2], struct failure *why);

// Ids of a VHDX file.
int vhdx_set_ids(int fd, const uint64_t sum[2]);

#endif
