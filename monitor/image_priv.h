// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Between the files of the image door.
#ifndef MONITOR_IMAGE_PRIV_H
#define MONITOR_IMAGE_PRIV_H

#include <sys/stat.h>

#include <monitor/image.h>

// Everything that image_header and the manifest say (monitor/image_parts.c). Sets img->manifest.
int image_check_parts(struct image *img, struct failure *why);
int image_check_manifest(struct image *img, struct failure *why);

// Sums of large images that held before (monitor/image_memory.c): a file is the same if device, inode, length and times are.
bool image_sum_known(const char *dir, const struct stat *st);
void image_sum_remember(const char *dir, const struct stat *st);

#endif
