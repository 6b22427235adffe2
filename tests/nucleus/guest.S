# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# The entries of the test guest (guest.c), in place of the library OS's kernel/core/entry.S.

#define INJECT 4080 /* offset in the vcpu's area, behind its struct */

	.section .text.entry, "ax"
	.globl guest_entry, guest_syscall, guest_trap, try_load, try_store, try_jump, nucleus_int, nucleus_injected
	.hidden guest_main, seen, resume_rip, resume_rsp, area, ticks

guest_entry:
	jmp	guest_main

# Notes what a system call arrives with and goes back with IRETQ; the result is 1234.
	.org	0x40
guest_syscall:
	mov	%rcx, seen(%rip)
	mov	%r11, seen + 8(%rip)
	mov	%rsp, seen + 16(%rip)
	push	$0x2b
	push	seen + 16(%rip)
	push	%r11
	push	$0x33
	push	%rcx
	mov	$1234, %eax
	iretq

# A tick is counted and goes back to where it came from; a fault goes on at resume_rip.
	.org	0x80
guest_trap:
	mov	%rsp, seen + 24(%rip)
	push	%rax
	mov	area(%rip), %rax
	cmpq	$32, (%rax)
	je	1f
	mov	resume_rsp(%rip), %rsp
	jmp	*resume_rip(%rip)
1:	incq	ticks(%rip)
	push	$0x2b
	push	48(%rax)
	push	40(%rax)
	push	$0x33
	push	24(%rax)
	mov	40(%rsp), %rax
	iretq

# Each does one thing at the address in rdi and gives 0, or -1 if it trapped.
.macro try name, insn:vararg
\name:
	lea	2f(%rip), %rax
	mov	%rax, resume_rip(%rip)
	mov	%rsp, resume_rsp(%rip)
	\insn
	xor	%eax, %eax
	ret
2:	mov	$-1, %rax
	ret
.endm
	try try_load, mov (%rdi), %al
	try try_store, movb $0x5a, (%rdi)
	try try_jump, call *%rdi

# long nucleus_int(nr, a, b, c, d): a call as the nucleus's contract has it.
nucleus_int:
	mov	%rdi, %rax
	mov	%rsi, %rdi
	mov	%rdx, %rsi
	mov	%rcx, %rdx
	mov	%r8, %r10
	int	$33
	ret

# long nucleus_injected(nr, a, b, c, d): KVMs that emulate CPL 0 do not emulate INT. The test's monitor sees the request at the next
# tick and injects the vector; the registers come out as if INT had been here.
nucleus_injected:
	mov	%rdi, %rax
	mov	%rsi, %rdi
	mov	%rdx, %rsi
	mov	%rcx, %rdx
	mov	%r8, %r10
	push	%rbx
	mov	area(%rip), %rbx
	movl	$0x1234, INJECT(%rbx)
1:	pause
	cmpl	$0x1234, INJECT(%rbx)
	je	1b
	pop	%rbx
	ret

	.section .note.GNU-stack, "", @progbits
