// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// /etc/ld.so.cache: where glibc's loader finds each library at once. Without one it would try each
// folder, and would not look at all into those that only ld.so.conf names.
#ifndef IMAGE_LDCACHE_H
#define IMAGE_LDCACHE_H

#include <stddef.h>
#include <stdint.h>

#include <image/libraries.h>

// The cache of what is in the loader's folders: malloc'ed, *len bytes; NULL: no memory.
uint8_t *ldcache_make(const struct libraries *l, size_t *len);

#endif
