// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The gate to the host (include/pith/process.h): the only two system calls of Linux that the filter
// lets the library OS make.

	.section .text.hostcalls, "ax"
	.balign 16
gate:
	.ascii "pith-host-gate1\0"
	.long gate_end - gate
	.long handler - gate
	.long restorer - gate
	.long call_end - gate
	.long sigreturn_end - gate
	.long 0, 0, 0

// long host_call(long nr, long a, long b, long c, long d, long e, long f)
	.global host_call
	.type host_call, @function
host_call:
	mov %rdi, %rax
	mov %rsi, %rdi
	mov %rdx, %rsi
	mov %rcx, %rdx
	mov %r8, %r10
	mov %r9, %r8
	mov 8(%rsp), %r9
	syscall
call_end:
	ret
	.size host_call, . - host_call

// Linux enters here with signal, siginfo and context in rdi, rsi, rdx, on the alternate stack, and
// its return address is `restorer`.
handler:
	cld
	jmp process_signal

restorer:
	mov $15, %eax
	syscall
sigreturn_end:
	ud2
gate_end:
	.section .note.GNU-stack, "", @progbits
