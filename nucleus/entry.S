# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# Every way into the nucleus. Interrupts are off throughout (SFMASK, interrupt gates).
#
# Some hosts emulate each instruction here at 1-2 us, so the ways that programs take often are as short as they can be: all that
# does not change lies ready in struct nucleus_data, and the processor itself pushes a trap's frame into struct vcpu_area (RSP0 of
# the TSS points there). IRETQ never takes a frame from memory that CPL 3 can write.

#include <pith/nucleus.h>

#define FRAME_RSP 24		/* of struct iret_frame */
#define DATA_SYSCALL 0
#define DATA_TRAP 40
#define DATA_IDTR 80
#define DATA_CRASH_IDTR 90
#define DATA_PC 144
#define PC_TEXT 8		/* of struct nucleus_pc */
#define PC_TEXT_LEN 16
#define PC_TICK_COUNT 24
#define PC_KICK 28
#define AREA_VECTOR 0		/* of struct vcpu_area; boot.h asserts them */
#define AREA_RIP 24
#define AREA_RSP 48
#define AREA_EVENTS 64
#define EVENT_TICK 1
#define TICK 32			/* TRAP_TICK */
#define ILLEGAL 6		/* TRAP_ILLEGAL */

	.section .text.entry, "ax"
	.globl nucleus_entry
	.hidden nucleus_data, nucleus_area, nucleus_call

# `syscall` at CPL 3: to the library OS with its registers as they are. (Where KVM lets `syscall` stay at CPL 3 the monitor points
# LSTAR at the library OS itself, and this is not used.)
nucleus_entry:
	mov	%rsp, nucleus_data + DATA_SYSCALL + FRAME_RSP(%rip)
	lea	nucleus_data + DATA_SYSCALL(%rip), %rsp
	iretq

# The first instruction of the guest: the monitor has put the frame of the library OS's entry on the stack.
	.org	NUCLEUS_START
	iretq

# A call: `int` from CPL 3, with a stack of its own (IST 2). While C code of the nucleus runs, its own faults must not look like the
# guest's: another IDT catches them.
	.org	NUCLEUS_CALL
call:
	cmp	$NCALL_IDLE, %rax
	je	idle
	cmp	$NCALL_RESET, %rax
	je	reset
	lidt	nucleus_data + DATA_CRASH_IDTR(%rip)
	mov	%r10, %rcx
	mov	%rax, %r8
	call	nucleus_call
	lidt	nucleus_data + DATA_IDTR(%rip)
	iretq

# A trap from CPL 3. The processor has pushed ss, rsp, rflags, cs, rip (and error) into the area, so rsp points at trap_error or
# behind it. Pushes here land in trap_error and trap_cr2; what belongs there is written last.
.macro trap_gate vector, error=0, cr2=0
	.org	NUCLEUS_TRAPS + \vector * NUCLEUS_TRAP_SIZE
.if !\error
	push	$0
.endif
	push	nucleus_area + AREA_RSP(%rip)
	pop	nucleus_data + DATA_TRAP + FRAME_RSP(%rip)
.if \cr2
	push	%rax
	mov	%cr2, %rax
	xchg	%rax, (%rsp)
.endif
	movq	$\vector, nucleus_area + AREA_VECTOR(%rip)
	lea	nucleus_data + DATA_TRAP(%rip), %rsp
	iretq
.endm

.macro crash_gate vector, at
	.org	\at
	push	$\vector
	jmp	crash
.endm

# Intel SDM vol. 3, table 6-1: which vectors have an error code. NMI, double fault and machine check end the guest.
.irp v, 0, 1
	trap_gate \v
.endr
	crash_gate 2, (NUCLEUS_TRAPS + 2 * NUCLEUS_TRAP_SIZE)
.irp v, 3, 4, 5, 6, 7
	trap_gate \v
.endr
	crash_gate 8, (NUCLEUS_TRAPS + 8 * NUCLEUS_TRAP_SIZE)
	trap_gate 9
.irp v, 10, 11, 12, 13
	trap_gate \v, error=1
.endr
	trap_gate 14, error=1, cr2=1
.irp v, 15, 16
	trap_gate \v
.endr
	trap_gate 17, error=1
	crash_gate 18, (NUCLEUS_TRAPS + 18 * NUCLEUS_TRAP_SIZE)
.irp v, 19, 20
	trap_gate \v
.endr
	trap_gate 21, error=1
.irp v, 22, 23, 24, 25, 26, 27, 28
	trap_gate \v
.endr
.irp v, 29, 30
	trap_gate \v, error=1
.endr
.irp v, 31, 32
	trap_gate \v
.endr

	.set	v, 0
.rept NUCLEUS_VECTORS
	crash_gate v, (NUCLEUS_CRASHES + v * NUCLEUS_CRASH_SIZE)
	.set	v, v + 1
.endr

#include "nucleus/pc.inc"

# The monitor prints what rsp points at and ends the guest; on pc the nucleus does that itself.
crash:
	cmpq	$0, nucleus_data + DATA_PC(%rip)
	jne	1f
	mov	$HOST_CRASH, %eax
	out	%eax, $HOST_PORT
	jmp	crash
1:	mov	%rsp, %rdi
	call	nucleus_pc_crash
	ud2

	.section .note.GNU-stack, "", @progbits
