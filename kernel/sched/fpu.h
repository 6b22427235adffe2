// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The program's vector state. The library OS never touches it, so it stays in the registers across
// system calls, and is saved only when another thread gets the vcpu, and into signal frames.
#ifndef SCHED_FPU_H
#define SCHED_FPU_H

#include <stddef.h>
#include <stdint.h>

#define FPU_ALIGN 64

void fpu_reset(void);          // the registers as a new program finds them
size_t fpu_size(void);         // bytes of an XSAVE area with all that is enabled
uint64_t fpu_features(void);   // XCR0
void fpu_area_init(void *area);  // before the first save: reserved parts must be zero
void fpu_save(void *area);
void fpu_restore(const void *area);

#endif
