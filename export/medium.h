// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What is exported, put together: a disk, or a CD, as raw bytes in a file.
#ifndef EXPORT_MEDIUM_H
#define EXPORT_MEDIUM_H

#include <stdint.h>

#include <export/fat.h>
#include <export/grub.h>
#include <host/failure.h>

struct medium {
	struct grub *grub;
	struct content image;
	uint64_t sum[2]; // of the image: what ids are made of
	uint64_t size;   // of a disk, at least; 0: as small as may be
};

// Both write to an empty file. 0 or a negative errno with *why, in which `output` names the file.
int medium_write_disk(const struct medium *m, int fd, const char *output, struct failure *why);
int medium_write_cd(const struct medium *m, int fd, const char *output, struct failure *why);

// The CD's label, by which GRUB finds it.
#define MEDIUM_LABEL_MAX 32
void medium_label(const uint64_t sum[2], char label[MEDIUM_LABEL_MAX]);

#endif
