// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What kernel/mm stands on in its unit tests: RAM and an image in host memory, a platform that keeps its page table in a hash and
// checks every call, files whose pages are frames, and a way to let allocations fail.
//
// env_check() compares all three views of an address space: regions, the software page table, and the platform's. It also counts
// who refers to each frame. It is called after every operation of the randomised tests.
#ifndef TEST_MM_ENV_H
#define TEST_MM_ENV_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <asm-generic/errno.h>
#include <fs/vnode.h>
#include <linux/process.h>
#include <mm/frame.h>
#include <mm/space.h>

#define ENV_IMAGE_PAGES 64
#define KIB 1024ul
#define MIB (1024ul << 10)

extern struct boot_block env_boot;
extern struct process env_process;
extern struct mm *env_mm;
extern char env_log[512]; // what klog said last
extern long env_fail_at;  // the frame_alloc that fails, counted from 1; 0: none
extern unsigned long env_allocs; // frame_allocs since env_fail_from
extern bool env_fail_rest; // and all that follow it
extern uintptr_t env_rip; // of the instruction that faults
extern long env_map_fails; // the platform's map that fails, counted from 1; 0: none
struct env_calls {
	unsigned map, unmap, protect, release;
};
extern struct env_calls env_calls;
extern uint64_t env_now;      // the clock
extern uint64_t env_released; // bytes given back to the host

// A fresh address space; the first call brings RAM (its size counts for all that follow) and image. flags: BOOT_WX; with the first call BOOT_RAM_*.
void env_begin(size_t ram, unsigned flags);
// Unmaps everything and checks that every frame and every object came back.
void env_end(void);
void env_fail_from(long n, bool rest);
void env_check(void);

// The program's accesses: through the platform's page table, with faults as they come. 0 or what mm_fault said.
int env_read(uintptr_t va, uint32_t *value);
int env_write(uintptr_t va, uint32_t value);
int env_exec(uintptr_t va);
unsigned env_prot_at(uintptr_t va);  // what the platform allows there now; 0: not mapped
size_t env_mapped_pages(void);       // on the platform
size_t env_used_frames(void);        // frames that are neither free nor the library OS's own
size_t env_objects(void);            // small allocations in use

// A file: its pages are frames made on the first use and hold `fill` + page number in their first word, or lie in the image.
struct env_file {
	struct vnode v;
	size_t pages;
	paddr_t page[64];
	bool in_image;
	uint32_t fill;
	unsigned writes; // times that get_page was asked for a page to write to
	int sync_result;
	uint64_t synced_from, synced_to;
};
void env_file_init(struct env_file *f, size_t pages, uint32_t fill, bool in_image);
void env_file_drop(struct env_file *f);                   // its frames go; nobody may map it any more
void env_file_truncate(struct env_file *f, size_t pages);

#endif
