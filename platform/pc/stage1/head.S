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
#define EFER_LME 0x100
#define EFER_NXE_BIT 11
#define NX_BIT 20 /* CPUID 0x80000001 edx */
#define PTE_TABLE 0x67 /* P W U A D */
#define PDE_2M 0xe7    /* P W U A D PS */
#define FAILED 125 // as `pith run` gives it for what could not be started
#define OFF_LOOKS 10000 /* at a device's register: a microsecond or so each */
#define LONG_MODE (1 << 29) /* CPUID 0x80000001 edx */

// In the workspace, for CPL 0: descriptors, gates, a stack, and a TSS that permits every I/O port.
#define GDT STAGE1_TABLES
#define GDT_LEN 80
#define IDT (GDT + 0x100)
#define STACK0_TOP (GDT + 0xf80)
#define PERMIT (GDT + 0x1000)
#define PERMIT_LEN 0x2001 /* the last byte is ones: Intel SDM vol. 1, 19.5.2 */
#define TSS (PERMIT - 104)
#define TSS_LEN (104 + PERMIT_LEN)
#define VECTORS 32
#define INVALID_OPCODE 6
#define GATE 0x8e00
#define KERNEL_CS 0x10 /* selectors as Linux has them */
#define KERNEL_SS 0x18
#define USER_SS 0x2b
#define USER_CS 0x33
#define SEL_TSS 0x40
#define FLAGS 2 /* interrupts off */

	.section .text.head, "ax"
	.globl stage1_head
	.hidden stage1_main
stage1_head:
	.org STAGE1_ENTRY

	.code32
	cli
	cld
	mov %eax, %esi
	mov $0xff, %al		// the old interrupt controllers, 8259A: where CPL 0 is emulated
	out %al, $0x21		// CPL 3 cannot turn interrupts off
	out %al, $0xa1
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
	pop %ebx

	// Is there memory up to the end of it all? Where there is none some machines give back what was
	// written last, wherever that was.
	mov UNPACKED_LEN(%ebp), %eax
	lea STAGE1_WORKSPACE(%edi,%eax), %eax
	mov %esp, (%eax)
	mov %eax, 8(%eax)
	cmp %esp, (%eax)
	jne no_memory

	// 4 GiB in pages of 2 MiB.
	mov $((PERMIT + PERMIT_LEN + 3) / 4), %ecx
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
	push %ebx
	mov $0x80000001, %eax
	cpuid
	pop %ebx
	shr $(NX_BIT - EFER_NXE_BIT), %edx	// without NX it would be a fault; cpu.c tells that
	and $(1 << EFER_NXE_BIT), %edx
	mov %edx, %eax
	or $EFER_LME, %eax
	xor %edx, %edx
	mov $MSR_EFER, %ecx
	wrmsr
	mov $(CR0_PE_NE_WP | CR0_PG), %eax
	mov %eax, %cr0

	push %esi
	push %edi
	lea (descriptors - stage1_head)(%ebp), %esi
	add $GDT, %edi
	mov $(GDT_LEN / 4), %ecx
	rep movsl
	pop %edi
	pop %esi
	lea TSS(%edi), %eax
	mov %ax, (GDT + SEL_TSS + 2)(%edi)
	shr $16, %eax
	mov %al, (GDT + SEL_TSS + 4)(%edi)
	mov %ah, (GDT + SEL_TSS + 7)(%edi)
	lea STACK0_TOP(%edi), %eax
	mov %eax, (TSS + 4)(%edi)	// rsp0
	movw $(PERMIT - TSS), (TSS + 102)(%edi)
	movb $0xff, (PERMIT + PERMIT_LEN - 1)(%edi)
	lea IDT(%edi), %edx
	lea (gates - stage1_head)(%ebp), %eax
	mov $VECTORS, %ecx
1:	mov %eax, 4(%edx)
	movw $GATE, 4(%edx)
	mov %ax, (%edx)
	movw $KERNEL_CS, 2(%edx)
	add $8, %eax
	add $16, %edx
	loop 1b
	lea GDT(%edi), %eax
	push %eax
	pushw $(GDT_LEN - 1)
	lgdt (%esp)
	lea IDT(%edi), %eax
	mov %eax, 2(%esp)
	movw $(VECTORS * 16 - 1), (%esp)
	lidt (%esp)
	lea (long_mode - stage1_head)(%ebp), %eax
	push $KERNEL_CS
	push %eax
	lret

	.code64
long_mode:
	mov $KERNEL_SS, %eax
	mov %eax, %ss
	mov $USER_SS, %eax
	mov %eax, %ds
	mov %eax, %es
	mov %eax, %fs
	mov %eax, %gs
	mov $SEL_TSS, %eax
	ltr %ax
	mov %edi, %eax		// the workspace
	mov %ebp, %edi
	mov %esi, %esi
	mov %ebx, %edx
	lea STACK0_TOP(%rax), %rsp
	push $USER_SS
	lea (STAGE1_STACK_TOP - 8)(%rax), %rax
	push %rax
	push $FLAGS
	push $USER_CS
	lea stage1_main(%rip), %rax
	push %rax
	iretq

	// A fault, or a call (STAGE1_CALL).
	.balign 8
gates:
	.set v, 0
.rept VECTORS
	.balign 8
	push $v
	jmp gate
	.set v, v + 1
.endr
gate:
	cmpl $INVALID_OPCODE, (%rsp)
	jne fault
	cmp $STAGE1_CALL, %eax
	jne fault
	addq $2, 8(%rsp)
	mov %rdi, %rax
	mov %rsi, %rdi
	mov %rdx, %rsi
	call *%rax
	add $8, %rsp
	iretq

	// Vector and what the processor pushed, as far as they may be rip.
fault:
	lea fault_text(%rip), %rsi
	mov $UART_COM1, %edx
1:	lodsb
	test %al, %al
	jz 2f
	out %al, %dx
	jmp 1b
2:	mov $3, %ebx
3:	mov $' ', %al
	out %al, %dx
	pop %rdi
	mov $16, %ecx
4:	rol $4, %rdi
	mov %edi, %eax
	and $15, %al
	add $'0', %al
	cmp $'9', %al
	jbe 5f
	add $('a' - '9' - 1), %al
5:	out %al, %dx
	loop 4b
	dec %ebx
	jnz 3b
	mov $'\r', %al
	out %al, %dx
	mov $'\n', %al
	out %al, %dx
	jmp off

	// It cannot go on: say so on the UART that PCs have.
	.code32
no_memory:
	mov $(memory_text - stage1_head), %esi
	jmp 1f
no_long_mode:
	mov $(mode_text - stage1_head), %esi
1:	add %ebp, %esi
	mov $UART_COM1, %edx
2:	lodsb
	test %al, %al
	jz off
	out %al, %dx
	jmp 2b
	// Off, by what can be tried without ACPI's tables: QEMU's isa-debug-exit, where QEMU has
	// PM1a_CNT (and Bochs), Cloud Hypervisor's sleep register (where QEMU has PM1_STS, which takes it
	// for nothing), the keyboard controller's reset line, and after a while a triple fault.
off:	mov $FAILED, %eax
	out %eax, $0xf4
	mov $0x2000, %eax
	mov $0x604, %edx
	out %ax, %dx
	mov $0xb004, %edx
	out %ax, %dx
	mov $0x34, %al
	mov $0x600, %edx
	out %al, %dx
	mov $0xfe, %al
	out %al, $0x64
	mov $OFF_LOOKS, %ecx
1:	in $0x61, %al
	loop 1b
	push $0
	push $0
	lidt (%esp)
	ud2
	.balign 8
descriptors: // Intel SDM vol. 3, 3.4.5: flat, accessed; a TSS
	.quad 0, 0
	.quad 0x00af9b000000ffff, 0x00cf93000000ffff // CPL 0
	.quad 0
	.quad 0x00cff3000000ffff, 0x00affb000000ffff // CPL 3
	.quad 0
	.quad 0x0000890000000000 | (TSS_LEN - 1), 0
mode_text:
	.asciz "pith: this processor has no 64-bit mode\r\n"
fault_text:
	.asciz "pith: the start-up code faulted: vector, stack:"
memory_text:
	.asciz "pith: too little memory to load the image\r\n"

	.section .note.GNU-stack, "", @progbits
