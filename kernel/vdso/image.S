// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The vDSO as it was linked (mk/guest.mk).
	.section .rodata.vdso_image, "a"
	.balign 8
	.globl vdso_image, vdso_image_end
	.hidden vdso_image, vdso_image_end
vdso_image:
	.incbin VDSO_FILE
vdso_image_end:
	.section .note.GNU-stack, "", @progbits
