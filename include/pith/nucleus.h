// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Calls to the nucleus: `syscall` with NCALL_* in rax, arguments in rdi, rsi, rdx, r10, result in rax (negative errno on failure);
// rcx and r11 are lost. Their numbers have the top bit set, which no system call of Linux has, so the nucleus tells the two apart by
// the sign of rax. Program and library OS have the same privilege: whatever is refused here is refused to both.
#ifndef PITH_NUCLEUS_H
#define PITH_NUCLEUS_H

#define NCALL(n) (0x8000000000000000ull | (n))
#define NCALL_MAP NCALL(1)     /* va, pa, len, prot */
#define NCALL_UNMAP NCALL(2)   /* va, len */
#define NCALL_PROTECT NCALL(3) /* va, len, prot */
#define NCALL_HOST NCALL(4)    /* call number for the monitor (HOST_*): an exit */
#define NCALL_SEAL NCALL(5)

// Calls to the monitor, by OUT of the number to HOST_PORT. Arguments are in struct vcpu_area or, for the bulk calls, in the
// host_args array that the monitor's boot block names (platform_data).
#define HOST_PORT 0x50
#define HOST_WAIT 1
#define HOST_EXIT 2
#define HOST_RELEASE 3
#define HOST_MAP 4 /* add mappings in bulk: what NCALL_MAP does, done by the monitor (BOOT_SLOW_CPL0) */

#endif
