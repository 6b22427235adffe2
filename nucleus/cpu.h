// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// How the processor is set up for the nucleus, by the monitor on kvm and by the start-up code on pc:
// Intel SDM vol. 3 (2.5 control registers, 13.3 XCR0, 2.2.1 EFER, 5.8.8 system call registers).
#ifndef NUCLEUS_CPU_H
#define NUCLEUS_CPU_H

#define CR4_PAE (1ull << 5)
#define CR4_OSFXSR (1ull << 9)
#define CR4_OSXMMEXCPT (1ull << 10)
#define CR4_UMIP (1ull << 11)
#define CR4_FSGSBASE (1ull << 16)
#define CR4_OSXSAVE (1ull << 18)
#define CR4_SMEP (1ull << 20)
#define CR4_SMAP (1ull << 21)
#define EFER_BITS 0xd01ull // NXE LMA LME SCE
// x87 SSE AVX, AVX-512 (three parts): what Linux programs use without asking.
#define XCR0_BITS 0xe7ull

#define MSR_APIC_BASE 0x1bu
#define MSR_EFER 0xc0000080u
#define MSR_STAR 0xc0000081u
#define STAR_BITS (0x10ull << 32 | 0x23ull << 48) // SEL_KERNEL_CS; SEL_USER_CS - 16
#define MSR_LSTAR 0xc0000082u
#define MSR_SFMASK 0xc0000084u
#define SFMASK_BITS 0x47500ull // AC NT IOPL DF TF; for the nucleus IF too
#define SFMASK_IF 0x200ull

#endif
