// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Calls to the nucleus and to the monitor, and where the nucleus lives. For C and assembly.
//
// A call to the nucleus is `int $NUCLEUS_CALL_VECTOR` with NCALL_* in rax, arguments in rdi, rsi,
// rdx, r10, result in rax (negative errno on failure). Registers are lost as in a C function call.
// Program and library OS have the same privilege: whatever is refused here is refused to both.
#ifndef PITH_NUCLEUS_H
#define PITH_NUCLEUS_H

#define NCALL_MAP 1     /* va, pa, len, prot */
#define NCALL_UNMAP 2   /* va, len */
#define NCALL_PROTECT 3 /* va, len, prot */
#define NCALL_IDLE                                                                         \
	4 /* rdi: ticks of the local APIC's timer, 32 bits, 0 for no limit: sleeps until it has \
	     counted them or an interrupt comes; -ENOSYS where there is no such timer (kvm) */
#define NCALL_SEAL 5
#define NCALL_RESET 6 /* resets the machine; -ENOSYS on kvm */
#define NUCLEUS_CALL_VECTOR 33

// On pc with BOOT_SLOW_CPL0 `int` cannot be had; there a call is `ud2` with this in r11.
#define NUCLEUS_CALL_MAGIC 0x50697468

// Calls to the monitor: OUT of the number in eax to HOST_PORT, which CPL 3 may do itself (the TSS
// permits this one port). Arguments are in registers as for the nucleus, or in struct vcpu_area;
// the result is in rax, all other registers are kept. HOST_MAP, UNMAP and PROTECT do what the
// nucleus's calls do, under the same rules, as after the seal. They are for hosts that emulate CPL
// 0 (BOOT_SLOW_CPL0), where the nucleus's calls do not work; elsewhere they give -ENOSYS.
#define HOST_PORT 0x50
#define HOST_WAIT 1
#define HOST_EXIT 2
#define HOST_RELEASE 3 /* rdi pa, rsi len */
#define HOST_MAP 4     /* rdi va, rsi pa, rdx len, r10 prot */
#define HOST_UNMAP 6   /* rdi va, rsi len */
#define HOST_PROTECT 7 /* rdi va, rsi len, rdx prot */
#define HOST_VOLUME 8  /* struct volume_request (include/pith/volume.h) */
#define HOST_CRASH \
	5 /* by the nucleus only: rsp points at the vector and what the processor pushed */

// The nucleus's addresses, from a base that the monitor picks at random in the higher half. Nothing
// there is for CPL 3.
#define NUCLEUS_CODE 0x0       /* nucleus.bin; entered for system calls at its first byte */
#define NUCLEUS_CODE_MAX 0x8000
#define NUCLEUS_DATA 0x10000   /* struct nucleus_data (nucleus/layout.h) */
#define NUCLEUS_AREA 0x12000   /* struct vcpu_area, the page that CPL 3 has too */
#define NUCLEUS_STACK 0x14000  /* for calls; a hole below it */
#define NUCLEUS_STACK_TOP 0x16000
#define NUCLEUS_IST 0x17000    /* for NMI, double fault, machine check */
#define NUCLEUS_IST_TOP 0x18000
#define NUCLEUS_IRQ 0x19000    /* pc: stack of interrupts, for IST 3 */
#define NUCLEUS_IRQ_TOP 0x1a000
#define NUCLEUS_APIC 0x1b000   /* pc: the local APIC's registers */
#define NUCLEUS_TSS 0x20000    /* pc: a TSS that permits the devices' I/O ports */
#define NUCLEUS_POOL 0x200000  /* the page tables */

// Gates: vector n of the ordinary IDT goes to CODE + TRAPS + n * TRAP_SIZE, of the one for faults
// in the nucleus to CODE + CRASHES + n * CRASH_SIZE.
#define NUCLEUS_START 0x80 /* the guest's first instruction: IRETQ */
#define NUCLEUS_TRAPS 0x100
#define NUCLEUS_TRAP_SIZE 64
#define NUCLEUS_CRASHES 0xa00
#define NUCLEUS_CRASH_SIZE 16
#define NUCLEUS_CALL 0xc0
#define NUCLEUS_VECTORS                                                                  \
	36 /* the processor's, the tick, calls, devices, spurious; any other `int n` is beyond \
	      the limit: a protection fault */

// On pc interrupts come from the local APIC, at any time. Their gates are of their own, with a
// stack of their own.
#define NUCLEUS_DEVICE_VECTOR 34   /* a device: only wakes from NCALL_IDLE */
#define NUCLEUS_SPURIOUS_VECTOR 35 /* of the local APIC */
#define NUCLEUS_PC_TICK 0xc40
#define NUCLEUS_PC_DEVICE 0xd00
#define NUCLEUS_PC_SPURIOUS 0xd30
#define NUCLEUS_PC_ENTER 0xd40     /* rdi: page tables, rdx: CR4, rsp: a frame for IRETQ; rsi goes to rdi */
#define NUCLEUS_PC_ILLEGAL 0xd60   /* with BOOT_SLOW_CPL0: a call, or an invalid opcode */

#endif
