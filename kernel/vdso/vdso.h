// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The vDSO image, linked when the program can read a clock. mm/exec.c maps it if it is there.
#ifndef VDSO_VDSO_H
#define VDSO_VDSO_H

// Brings the image into the link.
void vdso_link(void);

#endif
