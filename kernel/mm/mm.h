// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Memory: page frames, small allocations, and the program's address space.
//
// Frames: RAM in pages of 4 KiB, power-of-two runs (buddy), each with a reference count. RAM above
// a high-water mark has never been touched and reads as zeros, if it did at the start. Frames are reached by the library OS
// through the direct map: page_va(). Address space: regions [start, end) with protection and
// backing; pages are filled on faults, several at once where that is cheap. What is mapped where is
// kept in a software table (mm/space.c), so that no platform needs to be asked.
#ifndef MM_MM_H
#define MM_MM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <pith/boot.h>
#include <core/klib.h>
#include <platform/platform.h>

// Frames. (mm/frame.c)
void frame_init(const struct boot_block *boot);
paddr_t frame_alloc(unsigned order, bool zeroed); // 2^order pages, aligned to their size, count 1
						  // each; 0: no memory (pa 0 is never given out)
void frame_get(paddr_t pa);
void frame_put(paddr_t pa);                      // one page; freed when the count falls to 0
void frame_free(paddr_t pa, unsigned order);     // puts each page of a run
unsigned frame_count(paddr_t pa);
void *page_va(paddr_t pa);                       // RAM or image
paddr_t page_pa(const void *va);                 // the inverse, for addresses in the direct maps
bool pa_is_ram(paddr_t pa);
uint64_t frame_total(void), frame_available(void); // in pages
// Freed memory goes back to the host in bulk, while more is freed. What is left when nothing more
// happens goes at this time (monotonic ns; UINT64_MAX: there is not enough of it), by this call.
// (mm/trim.c)
uint64_t frame_trim_time(void);
void frame_trim_idle(void);
void trim_init(void);

// Small allocations. (mm/kmalloc.c) kmalloc gives 16-byte aligned, uninitialised memory, or NULL.
// Larger than a page: whole frames.
void *kmalloc(size_t n);
void *kzalloc(size_t n);
void *krealloc(void *p, size_t n);
void kfree(void *p);
size_t ksize(const void *p);

// Kernel stacks with a guard page below. (mm/kstack.c) Gives the top, or 0.
uintptr_t kstack_alloc(size_t len);
void kstack_free(uintptr_t top, size_t len);

// The program's address space.
struct vnode;
struct file;
struct mm;

// Backing of a region. A file's pages come from its vnode (fs/vnode.h: vnode_ops.get_page).
#define REGION_SHARED 0x1
#define REGION_STACK 0x2     // the program's first stack; all of it is reserved
#define REGION_NORESERVE 0x4
#define REGION_KERNEL 0x8    // vDSO and the like: not to be unmapped or changed by the program
#define REGION_READONLY \
	0x10 // shared, of a file that is not open for writing: never becomes writable
#define REGION_LOCKED 0x20 // mlock: present, and not to be dropped
#define REGION_GROWS 0x40  // downwards, by faults (MAP_GROWSDOWN)
#define REGION_NO_FORK 0x80 // a child of fork does not have it (MADV_DONTFORK)
#define REGION_WIPE 0x100   // a child of fork has zeros there (MADV_WIPEONFORK)
struct region {
	uintptr_t start, end;
	uint8_t prot;           // PROT_R | PROT_W | PROT_X
	uint16_t flags;         // REGION_*
	uint32_t rank;          // this and what is behind `name`: mm/region_tree.c
	struct vnode *vnode;    // NULL: anonymous; a reference is held
	uint64_t off;           // of start in the vnode; page-aligned
	const char *name;       // for /proc/self/maps: "[stack]", "[heap]"... or NULL
	struct region *prev, *next; // neighbours in address
	struct region *up, *left, *right;
	uintptr_t room;
};
_Static_assert(sizeof(struct region) == 96, "a size class of kmalloc; there may be many");

// There is one address space, and each program of the instance has its part of it: a struct mm with
// the regions that it mapped. None gets addresses that another has. Counted: a child between vfork
// and exec has its parent's.
struct mm *mm_create(const struct boot_block *boot); // the first program's, at boot
struct mm *mm_new(void);        // of one more program, empty; NULL: no memory
struct mm *mm_get(struct mm *mm);
bool mm_alone(const struct mm *mm); // is it nobody else's?
// A copy: private pages are shared until one of the two writes to them (mm/fork.c, where there are
// processes). NULL: no memory.
struct mm *mm_fork(struct mm *mm);
// Is one a fork of the other, or both of a third?
bool mm_related(const struct mm *a, const struct mm *b);
// For memory that parent and child share although it has no name. NULL: no memory.
struct vnode *mm_memory_file(size_t len);
// An empty mm is to have [start, end), whoever has something there: both can be there then, one at
// a time (mm_enter). `going` is about to end and does not count. 0, -ENOMEM, or -EEXIST: several
// programs, at different addresses, are in the way.
int mm_join(struct mm *mm, uintptr_t start, uintptr_t end, const struct mm *going);
// The program whose memory it is runs now.
__attribute__((weak)) void mm_enter(struct mm *mm);
bool mm_put(struct mm *mm);     // the last one unmaps everything, and is told. NULL is fine
// All give 0 (or an address) or a negative errno, take what Linux's calls take, and check
// everything first. vnode may be NULL. A reference to vnode is taken. MAP_DENYWRITE here means: a
// shared mapping never becomes writable.
long mm_map(struct mm *mm, uintptr_t addr, size_t len, unsigned prot, unsigned linux_flags,
	    struct vnode *vnode, uint64_t off);
int mm_unmap(struct mm *mm, uintptr_t addr, size_t len);
int mm_protect(struct mm *mm, uintptr_t addr, size_t len, unsigned prot);
long mm_remap(struct mm *mm, uintptr_t old, size_t old_len, size_t new_len, unsigned flags,
	      uintptr_t new_addr);
int mm_advise(struct mm *mm, uintptr_t addr, size_t len, int advice);
int mm_punch(struct mm *mm, uintptr_t start, uintptr_t end); // MADV_REMOVE; comes with fallocate
long mm_brk(struct mm *mm, uintptr_t brk);
// A page fault at addr with TRAP_PF_* bits: fills it and gives 0, or -EFAULT (no region or not
// allowed: SIGSEGV; *code is SEGV_MAPERR or SEGV_ACCERR), -ENXIO (beyond the end of a file:
// SIGBUS), -ENOMEM (RAM is used up).
// rip is the instruction's.
int mm_fault(struct mm *mm, uintptr_t addr, uint64_t error, uintptr_t rip, int *code);
// Makes the pages of a range present and gives them one by one (futex keys, patching). Gives the pa
// of the page, or 0.
paddr_t mm_lookup(struct mm *mm, uintptr_t addr, bool write);
// What is shared at addr, if it is in a shared mapping: the file, and the offset in it. Else NULL.
const void *mm_shared_object(struct mm *mm, uintptr_t addr, uint64_t *off);
// Writes through the protection of a private mapping (a copy of the page is made): for patching
// call sites.
int mm_poke(struct mm *mm, uintptr_t addr, const void *bytes, size_t n);
// Space for a page of executable stubs within 2 GiB of addr: mapped R+X for the program; the kernel
// writes with mm_poke. 0: none.
uintptr_t mm_stub_page(struct mm *mm, uintptr_t near);
// Regions in order of address, for /proc/self/maps: the first that ends above addr, or NULL.
const struct region *mm_region_at_or_above(struct mm *mm, uintptr_t addr);
// Truncation of a file: its pages beyond `from` are taken out of every mapping.
void mm_vnode_truncated(struct vnode *v, uint64_t from);
// The pages [from, to) of a file are as they are kept for good: shared mappings become read-only on
// the platform, and the next write to a page asks get_page again.
void mm_vnode_clean(struct vnode *v, uint64_t from, uint64_t to);
// msync: writes what was changed in shared mappings of [addr, addr+len). 0, -ENOMEM (something of
// it is not mapped), or what the file says.
int mm_sync(struct mm *mm, uintptr_t addr, size_t len);
// Makes a range present, as if it had been touched. 0, -ENOMEM (also: something of it is not
// mapped), -EACCES (not allowed), -ENXIO (beyond the end of a file), -EINVAL (not a range).
int mm_populate(struct mm *mm, uintptr_t start, size_t len, bool write);
// Which of these pages are present, one byte each. 0 or -ENOMEM.
int mm_incore(struct mm *mm, uintptr_t addr, size_t pages, unsigned char *vec);
// A mapping of memory that the library OS owns (the vDSO): at an address of its choice, not to be
// changed by the program. pages[i] are the frames or image pages. Gives the address or 0.
uintptr_t mm_map_kernel(struct mm *mm, const paddr_t *pages, size_t count, unsigned prot,
			const char *name);
struct mm_usage {
	uint64_t mapped, resident, shared, text, data, stack, locked; // bytes
};
void mm_usage(struct mm *mm, struct mm_usage *u);

// Loads a program (mm/exec.c): maps it and its interpreter from the root, makes the stack with
// args, environment and auxiliary vector. What fails says on the console why.
struct exec_start {
	uintptr_t rip, rsp; // of the first instruction
};
struct exec_strings; // linux/process.h
struct exec_program;
// Opens and checks everything, maps nothing. path names the program for messages and AT_EXECFN and
// is kept. -ENOEXEC: not an x86-64 program that can be run; not told, with `quiet`, of a file that
// is no ELF file at all.
int exec_prepare(struct vnode *file, const char *path, bool quiet, struct exec_program **out);
// Where it must be loaded; false: anywhere.
bool exec_fixed(const struct exec_program *e, uintptr_t *start, uintptr_t *end);
// mm must be empty; after a failure it holds part of the program.
int exec_map(struct mm *mm, struct exec_program *e, const struct exec_strings *args,
	     const struct exec_strings *env, struct exec_start *start);
void exec_forget(struct exec_program *e); // what exec_prepare gave
// The program of the current process, as its invocation says: the first.
int exec_load(struct mm *mm, struct exec_start *start);

#endif
