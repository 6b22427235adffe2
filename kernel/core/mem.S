// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Copying and filling, with general registers only: words for little, rep movsb and stosb for much.
#define LONG 96 /* from here on the string instructions win */

	.section .text.memcpy, "ax"
	.globl memcpy, memmove
	.hidden memcpy, memmove
	.type memmove, @function
memmove:
	mov %rdi, %rax
	sub %rsi, %rax
	cmp %rdx, %rax
	jb backwards
	.type memcpy, @function
memcpy:
	mov %rdi, %rax
	mov %rdx, %rcx
	cmp $LONG, %rdx
	jae 3f
	sub $8, %rcx
	jb 2f
1:	mov (%rsi), %r8
	mov %r8, (%rdi)
	add $8, %rsi
	add $8, %rdi
	sub $8, %rcx
	jae 1b
2:	add $8, %ecx
	jz 4f
5:	mov (%rsi), %r8b
	mov %r8b, (%rdi)
	inc %rsi
	inc %rdi
	dec %ecx
	jnz 5b
4:	ret
3:	rep movsb
	ret
// dst is inside [src, src + n): from the end downwards.
backwards:
	mov %rdi, %rax
	test %rdx, %rdx
	jz 4b
	mov %rdx, %rcx
	sub $8, %rcx
	jb 7f
6:	mov (%rsi, %rcx), %r8
	mov %r8, (%rdi, %rcx)
	sub $8, %rcx
	jae 6b
7:	add $8, %rcx
	jz 4b
8:	mov -1(%rsi, %rcx), %r8b
	mov %r8b, -1(%rdi, %rcx)
	dec %rcx
	jnz 8b
	ret

	.section .text.memset, "ax"
	.globl memset
	.hidden memset
	.type memset, @function
memset:
	mov %rdi, %r9
	movzbl %sil, %eax
	mov $0x0101010101010101, %rcx
	imul %rcx, %rax
	mov %rdx, %rcx
	cmp $LONG, %rdx
	jae 3f
	sub $8, %rcx
	jb 2f
1:	mov %rax, (%rdi)
	add $8, %rdi
	sub $8, %rcx
	jae 1b
2:	add $8, %ecx
	jz 4f
5:	mov %al, (%rdi)
	inc %rdi
	dec %ecx
	jnz 5b
4:	mov %r9, %rax
	ret
3:	rep stosb
	mov %r9, %rax
	ret

	.section .note.GNU-stack, "", @progbits
