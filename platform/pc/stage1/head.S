// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// From where a boot loader leaves a PC (PVH or Multiboot2: 32-bit protected mode, flat segments,
// paging off, ebx the address of what the loader tells, no stack) to long mode and C. Runs at any
// address: the base is found first.
#include <pith/stage1.h>

#define SELF 0 /* struct stage1_head */
#define WORKSPACE 4
#define UNPACKED_LEN 16

#define CR0_PE_NE_WP 0x10023 /* with MP: Intel SDM vol. 3, 2.5 */
#define CR0_PG 0x80000000
#define CR4_PAE_FX 0x620 /* PAE OSFXSR OSXMMEXCPT */
#define MSR_EFER 0xc0000080
#define EFER_LME_NXE 0x900
#define PTE_TABLE 0x63 /* P W A D */
#define PDE_2M 0xe3    /* P W A D PS */
#define FAILED 125 // as `pith run` gives it for what could not be started
#define SLOW_LOOPS 1000
#define SLOW_TICKS 1000000 /* a thousand for each turn; in hardware it is one or two */
#define LONG_MODE (1 << 29) /* CPUID 0x80000001 edx */
#define CODE64 0x00af9b000000ffff
#define DATA64 0x00cf93000000ffff

	.section .text.head, "ax"
	.globl stage1_head
	.hidden stage1_main
stage1_head:
	.org STAGE1_ENTRY

	.code32
	cli
	cld
	mov %eax, %esi
	mov (%ebx), %edx	// the loader's words lend a stack of one
	lea 4(%ebx), %esp
	call 1f
1:	pop %ebp
	mov %edx, (%ebx)
	sub $(1b - stage1_head), %ebp
	mov %ebp, %edi		// the workspace
	sub SELF(%ebp), %edi
	add WORKSPACE(%ebp), %edi
	lea STAGE1_STACK_TOP(%edi), %esp
	push %ebx
	mov $0x80000000, %eax
	cpuid
	cmp $0x80000000, %eax
	jbe no_long_mode
	mov $0x80000001, %eax
	cpuid
	test $LONG_MODE, %edx
	jz no_long_mode

	// Where KVM has no hardware below it, each instruction here takes a microsecond: unpacking
	// would take a minute, and the nucleus's calls do not work at all. Told by the best of three.
	mov $3, %bl
2:	rdtsc
	push %eax
	mov $SLOW_LOOPS, %ecx
1:	loop 1b
	rdtsc
	pop %ecx
	sub %ecx, %eax
	cmp $SLOW_TICKS, %eax
	jb 3f
	dec %bl
	jnz 2b
	jmp too_slow
3:	pop %ebx

	mov UNPACKED_LEN(%ebp), %eax	// is there memory up to the end of it all?
	lea STAGE1_WORKSPACE(%edi,%eax), %eax
	mov %esp, (%eax)
	cmp %esp, (%eax)
	jne no_memory

	// 4 GiB in pages of 2 MiB.
	mov $(STAGE1_TABLES / 4), %ecx
	push %edi
	xor %eax, %eax
	rep stosl
	pop %edi
	lea (0x1000 + PTE_TABLE)(%edi), %eax
	mov %eax, (%edi)
	lea 0x1000(%edi), %edx
	mov $4, %ecx
1:	add $0x1000, %eax
	mov %eax, (%edx)
	add $8, %edx
	loop 1b
	mov $PDE_2M, %eax
	lea 0x2000(%edi), %edx
	mov $2048, %ecx
1:	mov %eax, (%edx)
	add $0x200000, %eax
	add $8, %edx
	loop 1b

	mov $CR4_PAE_FX, %eax
	mov %eax, %cr4
	mov %edi, %cr3
	mov $MSR_EFER, %ecx
	rdmsr
	or $EFER_LME_NXE, %eax
	wrmsr
	mov $(CR0_PE_NE_WP | CR0_PG), %eax
	mov %eax, %cr0

	// A descriptor table on the stack, which stays: three entries, then limit and base of it.
	push $(DATA64 >> 32)
	push $(DATA64 & 0xffffffff)
	push $(CODE64 >> 32)
	push $(CODE64 & 0xffffffff)
	push $0
	push $0
	mov %esp, %eax
	push %eax
	pushw $23
	lgdt (%esp)
	lea (long_mode - stage1_head)(%ebp), %eax
	push $8
	push %eax
	lret

	.code64
long_mode:
	mov $16, %eax
	mov %eax, %ds
	mov %eax, %es
	mov %eax, %ss
	mov %eax, %fs
	mov %eax, %gs
	and $-16, %rsp
	mov %ebp, %edi
	mov %edi, %edi
	mov %esi, %esi
	mov %ebx, %edx
	call stage1_main
	ud2

	// It cannot go on: say so on the UART that PCs have.
	.code32
too_slow:
	mov $(slow_text - stage1_head), %esi
	jmp 1f
no_memory:
	mov $(memory_text - stage1_head), %esi
	jmp 1f
no_long_mode:
	mov $(mode_text - stage1_head), %esi
1:	add %ebp, %esi
	mov $UART_COM1, %edx
2:	lodsb
	test %al, %al
	jz 3f
	out %al, %dx
	jmp 2b
	// Off, by what can be tried without ACPI's tables: QEMU's isa-debug-exit, where QEMU has
	// PM1a_CNT (and Bochs), the keyboard controller's reset line, a triple fault.
3:	mov $FAILED, %eax
	out %eax, $0xf4
	mov $0x2000, %eax
	mov $0x604, %edx
	out %ax, %dx
	mov $0xb004, %edx
	out %ax, %dx
	mov $0xfe, %al
	out %al, $0x64
	push $0
	push $0
	lidt (%esp)
	ud2
mode_text:
	.asciz "pith: this processor has no 64-bit mode\r\n"
slow_text:
	.asciz "pith: this machine emulates privileged code; use QEMU's TCG (-accel tcg)\r\n"
memory_text:
	.asciz "pith: too little memory to load the image\r\n"

	.section .note.GNU-stack, "", @progbits
