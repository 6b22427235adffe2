// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// uintptr_t thread_switch(uintptr_t *save_sp, uintptr_t new_sp): the other thread's kernel stack
// becomes ours. What C expects to be kept is on the stacks.
	.section .text.thread_switch, "ax"
	.globl thread_switch
	.hidden thread_switch
	.type thread_switch, @function
thread_switch:
	push %rbp
	push %rbx
	push %r12
	push %r13
	push %r14
	push %r15
	mov %rsp, (%rdi)
	mov %rsi, %rsp
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbx
	pop %rbp
	ret

	.section .note.GNU-stack, "", @progbits
