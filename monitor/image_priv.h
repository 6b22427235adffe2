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

// The contents of the first note of Pith with this type and at least this length: an offset in the
// file, or 0 with *why.
size_t image_find_note(const struct image *img, uint32_t type, size_t len, struct failure *why);
int image_check_length(const struct image *img, uint64_t file_len, struct failure *why);

// If the file is a packed image, checks it and puts the unpacked image in its place: 1. If it is
// not: 0. Or a negative errno with *why.
int image_unpack(struct image *img, struct failure *why);

// Sums of large images that held before (monitor/image_memory.c): a file is the same if device,
// inode, length and times are.
bool image_sum_known(const char *dir, const struct stat *st);
void image_sum_remember(const char *dir, const struct stat *st);

#endif
