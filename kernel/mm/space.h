// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The address space from inside. Others use mm.h.
//
// Regions say what may be where; the software page table (chunk.c) says what is there now. A page
// that is present in it is mapped on the platform too, or was and has been forgotten by protect(0):
// then a fault maps it again.
#ifndef MM_SPACE_H
#define MM_SPACE_H

#include <mm/mm.h>

// A software page-table entry. 0: nothing there.
#define PTE_PRESENT 0x80000000u
#define PTE_IMAGE 0x40000000u // the number counts pages of the image, not of RAM
#define PTE_OWNED \
	0x20000000u // the page may be written in place: it is this mapping's own, or the file's in
		    // a shared mapping
#define PTE_CODE 0x10000000u // of memory that is writable and executable: the latter now (wx.c)
#define PTE_COPY 0x08000000u // not owned, and yet no page of the file: forks share it (fork.c)
#define PTE_NUMBER 0x07ffffffu // 512 GiB

// Entries for 2 MiB of address space. Chunks are found by hash; a walk over a large empty
// reservation visits only what exists.
#define CHUNK_PAGES 512
#define CHUNK_SIZE (CHUNK_PAGES * PAGE_SIZE)
struct chunk {
	struct chunk *next; // in the hash bucket
	uintptr_t base;
	uint32_t present;
	uint32_t *pte; // CHUNK_PAGES of them
};

// The most that one call adds: two borders of what it replaces, two of what it moves, and the new
// region, less what it removes.
#define REGION_SPARES 4

struct family;
struct mm {
	struct mm *next;         // of all
	unsigned refs;
	struct family *family;   // of programs at the same addresses (fork.c); NULL: there are none
	uint32_t kin;            // forks have their parent's number
	struct region *tree; // region_tree.c
	size_t count;        // of regions
	uint32_t rank;       // the random number drawn last; never 0
	struct region *spare[REGION_SPARES]; // for what must not fail half way
	struct chunk **buckets;
	size_t bucket_count, chunk_count; // a power of two
	struct chunk *last;      // found last
	uintptr_t mmap_top;      // mappings without a wish go below this, downwards
	uintptr_t brk_start, brk;
	uintptr_t stub_page;     // last page of call-site stubs
	paddr_t ram_pa, image_pa;
	bool wx;                 // writable and executable memory is allowed
	bool lock_new, lock_fills; // mlockall: new regions are locked, and filled at once
	uintptr_t code_va, code_rip; // which page became executable last, and for which instruction
};

// What marks a region of memory that all who forked share, without a name.
static inline bool region_shared_anonymous(const struct region *r)
{
	return (r->flags & REGION_SHARED) && !r->vnode;
}

// chunk.c
uint32_t *pte_find(struct mm *mm, uintptr_t va);   // NULL: its chunk does not exist
int pte_set(struct mm *mm, uintptr_t va, uint32_t pte); // 0 or -ENOMEM; no memory is needed where
							// the chunk exists
struct chunk *chunk_find(struct mm *mm, uintptr_t va);
struct chunk *chunk_make(struct mm *mm, uintptr_t va);
// Calls fn for every present page in [start, end), in any order of chunks; fn may clear the entry
// with pte_clear.
void pte_each(struct mm *mm, uintptr_t start, uintptr_t end,
	      void (*fn)(struct mm *, uintptr_t va, uint32_t *pte, void *arg), void *arg);
void pte_clear(struct mm *mm, uintptr_t va, uint32_t *pte);
// Calls fn for every chunk that touches [start, end), in any order.
void chunk_walk(struct mm *mm, uintptr_t start, uintptr_t end,
		void (*fn)(struct mm *, struct chunk *, void *), void *arg);
void chunk_drop_empty(struct mm *mm, uintptr_t start, uintptr_t end);
paddr_t pte_pa(const struct mm *mm, uint32_t pte);
uint32_t pte_make(const struct mm *mm, paddr_t pa, bool owned);

// region_tree.c
void tree_add(struct mm *mm, struct region *r);
void tree_remove(struct mm *mm, struct region *r);
void region_set_end(struct region *r, uintptr_t end);
struct region *region_at(const struct mm *mm, uintptr_t addr); // the first that ends above addr, or
							       // NULL; r->next follows it
uintptr_t gap_below(uintptr_t top, size_t len, size_t align); // the highest place below top that
							      // is free of everybody's regions,
							      // or 0

// region.c
struct region *region_find(const struct mm *mm, uintptr_t addr); // the one that addr is in, or NULL
int region_reserve(struct mm *mm); // memory for what one call adds: region_insert and region_split
				   // do not fail then. 0 or -ENOMEM
struct region *region_insert(struct mm *mm, const struct region *r); // joins neighbours alike;
								     // takes a vnode reference
void region_split(struct mm *mm, uintptr_t addr);         // so that a boundary is at addr
void region_remove(struct mm *mm, struct region *r);
void region_join(struct mm *mm, uintptr_t start, uintptr_t end);
// Sets or clears flags of what the program mapped of [start, end). 0, or -ENOMEM: something of it
// is not mapped (the rest is marked), or there is no memory (nothing is).
int region_mark(struct mm *mm, uintptr_t start, uintptr_t end, unsigned flags, bool set);
bool range_free(const struct mm *mm, uintptr_t start, uintptr_t end); // of everybody's regions
bool range_foreign(const struct mm *mm, uintptr_t start, uintptr_t end); // has another program
									 // something there?
bool range_end(uintptr_t start, size_t len, uintptr_t *end); // of whole pages; false: it wraps
							     // around
bool range_valid(uintptr_t start, size_t len); // in the program's half and not in the library OS's
					       // window

// space.c
extern struct mm *mm_list; // all, linked by next

// protect.c
// Tells the platform what rights the pages of r in [start, end) have now.
void region_protect(struct mm *mm, const struct region *r, uintptr_t start, uintptr_t end);

// fork.c, where there are forks. Where mm_live is not linked all are live.
__attribute__((weak)) bool mm_live(const struct mm *mm); // is what the platform has mm's?
__attribute__((weak)) void family_withdraw(struct mm *mm); // another becomes live
__attribute__((weak)) void family_leave(struct mm *mm);    // mm holds no page any more
static inline bool mm_mapped(const struct mm *mm)
{
	return !mm_live || mm_live(mm);
}

// fault.c
// A segment of a library, from the image, is about to be relocated or run: what that needs, at
// once.
void fill_segment(struct mm *mm, struct region *r, uintptr_t start, uintptr_t end);

// wx.c
bool wx_switched(const struct mm *mm, const struct region *r); // are its pages either writable or
							       // executable?
// Makes the page what the fault asks for; the platform is to be told. False: that cannot help.
bool wx_switch(struct mm *mm, uintptr_t va, uint64_t error, uintptr_t rip, uint32_t *pte);

// fill.c
// Mappings that wait to be told to the platform in one call. A page that could not be mapped is as
// good as forgotten.
struct run {
	uintptr_t va;
	paddr_t pa;
	size_t len;
	unsigned prot;
};
int run_add(struct run *run, uintptr_t va, paddr_t pa, size_t len, unsigned prot);
int run_flush(struct run *run);
unsigned pte_prot(const struct mm *mm, const struct region *r, uint32_t pte); // what the platform
									      // gets for this page
int region_fill(struct mm *mm, struct region *r, uintptr_t start, uintptr_t end,
		bool write); // makes all present
int region_remap(struct mm *mm, struct region *r, uintptr_t start, uintptr_t end); // tells the
										   // platform again
										   // what is
										   // present
void range_drop(struct mm *mm, uintptr_t start, uintptr_t end); // forgets the pages; unmaps them on
								// the platform

#endif
