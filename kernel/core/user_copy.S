// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Copies to and from the program's memory that survive a fault.
//
// Everything between user_code and user_code_end may fault on the program's address: trap_dispatch
// then resumes at user_fault, which gives -EFAULT to the caller. So these functions keep nothing on
// the stack but their return address, and change only caller-saved registers. C code (core/user.c)
// has checked the range.
#define EFAULT 14
#define LONG 64

	.section .text.user, "ax"
	.globl user_code, user_code_end, user_fault
	.hidden user_code, user_code_end, user_fault
user_code:

// long user_copy(void *dst, const void *src, size_t n): 0 or -EFAULT
	.globl user_copy
	.hidden user_copy
	.type user_copy, @function
user_copy:
	mov %rdx, %rcx
	cmp $LONG, %rdx
	ja 3f
	sub $8, %rcx
	jb 2f
1:	mov (%rsi), %rax
	mov %rax, (%rdi)
	add $8, %rsi
	add $8, %rdi
	sub $8, %rcx
	jae 1b
2:	add $8, %ecx
	jz 4f
5:	mov (%rsi), %al
	mov %al, (%rdi)
	inc %rsi
	inc %rdi
	dec %ecx
	jnz 5b
4:	xor %eax, %eax
	ret
3:	rep movsb
	xor %eax, %eax
	ret

// long user_zero(void *dst, size_t n)
	.globl user_zero
	.hidden user_zero
	.type user_zero, @function
user_zero:
	mov %rsi, %rcx
	xor %eax, %eax
	rep stosb
	ret

// long user_string(char *dst, const char *src, size_t max): length without the NUL, or max if there
// is none in max bytes
	.globl user_string
	.hidden user_string
	.type user_string, @function
user_string:
	xor %eax, %eax
6:	cmp %rdx, %rax
	jae 7f
	mov (%rsi, %rax), %cl
	mov %cl, (%rdi, %rax)
	test %cl, %cl
	jz 7f
	inc %rax
	jmp 6b
7:	ret

// long user_read32(const uint32_t *p, uint32_t *value)
	.globl user_read32
	.hidden user_read32
	.type user_read32, @function
user_read32:
	mov (%rdi), %eax
	mov %eax, (%rsi)
	xor %eax, %eax
	ret

// long user_write32(uint32_t *p, uint32_t value)
	.globl user_write32
	.hidden user_write32
	.type user_write32, @function
user_write32:
	mov %esi, (%rdi)
	xor %eax, %eax
	ret

// long user_exchange32(uint32_t *p, uint32_t old, uint32_t new, uint32_t *seen)
	.globl user_exchange32
	.hidden user_exchange32
	.type user_exchange32, @function
user_exchange32:
	mov %esi, %eax
	lock cmpxchg %edx, (%rdi)
	mov %eax, (%rcx)
	xor %eax, %eax
	ret

// long user_xsave(void *area): the vector state, in the standard format
	.globl user_xsave
	.hidden user_xsave
	.type user_xsave, @function
user_xsave:
	mov $-1, %eax
	mov $-1, %edx
	xsave64 (%rdi)
	xor %eax, %eax
	ret

// long user_xrstor(const void *area, uint64_t features): only the components in `features` change
	.globl user_xrstor
	.hidden user_xrstor
	.type user_xrstor, @function
user_xrstor:
	mov %esi, %eax
	mov %rsi, %rdx
	shr $32, %rdx
	xrstor64 (%rdi)
	xor %eax, %eax
	ret
user_code_end:

	.type user_fault, @function
user_fault:
	mov $-EFAULT, %rax
	ret

	.section .note.GNU-stack, "", @progbits
