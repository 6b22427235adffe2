// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The doors between program and library OS. Both sides are at user privilege: entering is a change
// of stack, no more.
//
// syscall_entry       a `syscall` instruction trapped and the platform came here: rcx is the
//                     address behind it, r11 the flags
// syscall_entry_fast  a patched call site came here through its stub: rcx is the address to return
//                     to, flags are not kept
// trap_entry          fault or tick: all registers as interrupted, what the processor pushed is in
//                     struct vcpu_area
//
// All build a struct trap_frame (core/trap.h). For entries from the program it is at the top of the
// thread's kernel stack, where thread->frame points. C code keeps the callee-saved registers, so
// the short ways back load only what C may change; whoever changes other registers in the frame
// sets frame->nr to -1 and percpu.need_resched, and the way back is IRETQ with all of them.
#define FRAME 200
#define ROOM (FRAME + 8) /* keeps the stack 16-byte aligned at calls */

// struct trap_frame
#define F_R15 0
#define F_R14 8
#define F_R13 16
#define F_R12 24
#define F_RBP 32
#define F_RBX 40
#define F_R11 48
#define F_R10 56
#define F_R9 64
#define F_R8 72
#define F_RAX 80
#define F_RCX 88
#define F_RDX 96
#define F_RSI 104
#define F_RDI 112
#define F_NR 120
#define F_VECTOR 128
#define F_ERROR 136
#define F_CR2 144
#define F_RIP 160
#define F_CS 168
#define F_RFLAGS 176
#define F_RSP 184
#define F_SS 192

// struct percpu
#define P_USER_RSP %gs:8
#define P_KSTACK %gs:16
#define P_SCRATCH %gs:24
#define P_AREA %gs:48
#define P_RESCHED %gs:56
#define P_TEXT %gs:64
#define P_TEXT_END %gs:72
#define P_EMERGENCY %gs:80

// struct vcpu_area
#define A_VECTOR 0
#define A_CR2 8
#define A_ERROR 16
#define A_RIP 24
#define A_CS 32
#define A_RFLAGS 40
#define A_RSP 48
#define A_SS 56
#define A_EVENTS 64

#define USER_CS 0x33
#define USER_SS 0x2b
#define TRAP_PAGE 14
#define FLAGS_FAST 0x202

.macro save_callee_saved
	mov %rbx, F_RBX(%rsp)
	mov %rbp, F_RBP(%rsp)
	mov %r12, F_R12(%rsp)
	mov %r13, F_R13(%rsp)
	mov %r14, F_R14(%rsp)
	mov %r15, F_R15(%rsp)
.endm

.macro save_caller_saved
	mov %rdi, F_RDI(%rsp)
	mov %rsi, F_RSI(%rsp)
	mov %rdx, F_RDX(%rsp)
	mov %rcx, F_RCX(%rsp)
	mov %r8, F_R8(%rsp)
	mov %r9, F_R9(%rsp)
	mov %r10, F_R10(%rsp)
	mov %r11, F_R11(%rsp)
.endm

// Work waits (signals, preemption, events) if this leaves with ZF clear.
.macro test_work
	mov P_AREA, %rcx
	mov A_EVENTS(%rcx), %ecx
	or P_RESCHED, %ecx
.endm

.macro load_arguments
	mov F_RDI(%rsp), %rdi
	mov F_RSI(%rsp), %rsi
	mov F_RDX(%rsp), %rdx
	mov F_R8(%rsp), %r8
	mov F_R9(%rsp), %r9
	mov F_R10(%rsp), %r10
	mov F_RAX(%rsp), %rax
.endm

	.section .text.entry, "ax"
	.globl kernel_entry, syscall_entry, syscall_entry_fast, trap_entry
	.globl frame_return, thread_first
	.hidden kernel_entry, syscall_entry, syscall_entry_fast, trap_entry
	.hidden frame_return, thread_first

	.type kernel_entry, @function
kernel_entry:
	lea boot_cpu(%rip), %rax
	mov %rax, (%rax)
	wrgsbase %rax
	xor %ebp, %ebp
	push %rbp
	push %rbp
	call kernel_start
	ud2

	.balign 64
	.type syscall_entry_fast, @function
syscall_entry_fast:
	mov %rsp, %r11
	mov P_KSTACK, %rsp
	sub $ROOM, %rsp
	movq $USER_SS, F_SS(%rsp)
	mov %r11, F_RSP(%rsp)
	movq $FLAGS_FAST, F_RFLAGS(%rsp)
	movq $USER_CS, F_CS(%rsp)
	mov %rcx, F_RIP(%rsp)
	mov %rax, F_NR(%rsp)
	save_caller_saved
	save_callee_saved
	cld
	mov %rsp, %rdi
	call syscall_dispatch
	test_work
	jnz work
	load_arguments
	mov F_RIP(%rsp), %rcx
	mov F_RSP(%rsp), %rsp
	jmp *%rcx

	.balign 16
	.type syscall_entry, @function
syscall_entry:
	mov %rsp, P_USER_RSP
	mov P_KSTACK, %rsp
	sub $ROOM, %rsp
	movq $USER_SS, F_SS(%rsp)
	movq $USER_CS, F_CS(%rsp)
	mov %r11, F_RFLAGS(%rsp)
	mov %rcx, F_RIP(%rsp)
	mov %eax, %eax
	mov %rax, F_NR(%rsp)
	save_caller_saved
	save_callee_saved
	mov P_USER_RSP, %rcx
	mov %rcx, F_RSP(%rsp)
	cld
	mov %rsp, %rdi
	call syscall_dispatch_trapped
	test_work
	jnz work
	load_arguments
	mov F_RIP(%rsp), %rcx
	mov F_RFLAGS(%rsp), %r11
	push %r11
	popfq
	mov F_RSP(%rsp), %rsp
	jmp *%rcx

work:
	mov %rsp, %rdi
	call return_work
	jmp frame_restore

// A thread's first steps: the scheduler switched to it with the stack as it is behind a call of
// dispatch.
	.type thread_first, @function
thread_first:
	call thread_begin
	jmp work

// void frame_return(struct trap_frame *f): leaves the library OS with the registers of f.
	.type frame_return, @function
frame_return:
	mov %rdi, %rsp
frame_restore:
	mov F_R15(%rsp), %r15
	mov F_R14(%rsp), %r14
	mov F_R13(%rsp), %r13
	mov F_R12(%rsp), %r12
	mov F_RBP(%rsp), %rbp
	mov F_RBX(%rsp), %rbx
	mov F_R11(%rsp), %r11
	mov F_RCX(%rsp), %rcx
	load_arguments
	add $F_RIP, %rsp
	iretq

	.balign 16
	.type trap_entry, @function
trap_entry:
	mov %rax, P_SCRATCH
	mov P_AREA, %rax
	mov A_RIP(%rax), %rax
	cmp P_TEXT, %rax
	jb 1f
	cmp P_TEXT_END, %rax
	jae 1f
	// In the library OS: the frame goes below what is there. A page fault just below or at the
	// stack pointer is the stack's own overflow; it is told on the emergency stack.
	mov P_AREA, %rax
	cmpl $TRAP_PAGE, A_VECTOR(%rax)
	jne 2f
	mov A_CR2(%rax), %rax
	sub %rsp, %rax
	add $2048, %rax
	cmp $2048 + 256, %rax
	ja 2f
	mov P_EMERGENCY, %rsp
2:	and $-16, %rsp
	jmp 3f
1:	mov P_KSTACK, %rsp
3:	sub $ROOM, %rsp
	save_caller_saved
	save_callee_saved
	mov P_SCRATCH, %rdx
	mov %rdx, F_RAX(%rsp)
	mov P_AREA, %rax
	mov A_VECTOR(%rax), %rdx
	mov %rdx, F_VECTOR(%rsp)
	mov A_CR2(%rax), %rdx
	mov %rdx, F_CR2(%rsp)
	mov A_ERROR(%rax), %rdx
	mov %rdx, F_ERROR(%rsp)
	mov A_RIP(%rax), %rdx
	mov %rdx, F_RIP(%rsp)
	mov A_CS(%rax), %rdx
	mov %rdx, F_CS(%rsp)
	mov A_RFLAGS(%rax), %rdx
	mov %rdx, F_RFLAGS(%rsp)
	mov A_RSP(%rax), %rdx
	mov %rdx, F_RSP(%rsp)
	mov A_SS(%rax), %rdx
	mov %rdx, F_SS(%rsp)
	movq $-1, F_NR(%rsp)
	cld
	mov %rsp, %rdi
	call trap_dispatch
	jmp frame_restore

	.section .note.GNU-stack, "", @progbits
