// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See env.h.
#include <asm/prctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "mm/env.h"
#include <core/percpu.h>

#define RAM_PA 0x100000ul
#define IMAGE_PA 0x40000000000ul
#define STACKS_VA 0x200000000000ul
#define BUCKETS 8192
#define FILES_MAX 8

struct boot_block env_boot;
struct process env_process;
struct mm *env_mm;
char env_log[512];
long env_fail_at, env_map_fails;
unsigned long env_allocs;
uintptr_t env_rip;
bool env_fail_rest;
struct env_calls env_calls;
uint64_t env_released, env_now;
const struct platform *plat;

static struct percpu cpu;
static struct vcpu_area area;
static struct thread thread;
static unsigned flags_now;
static struct env_file *files[FILES_MAX];
static struct frame_state_before {
	size_t frames, objects;
} before;

// The platform's page table.
struct entry {
	struct entry *next;
	uintptr_t va;
	paddr_t pa;
	unsigned prot;
};
static struct entry *table[BUCKETS];
static size_t entries;

static struct entry **slot_of(uintptr_t va)
{
	struct entry **e = &table[(va >> PAGE_SHIFT) % BUCKETS];

	while (*e && (*e)->va != va)
		e = &(*e)->next;
	return e;
}

static void check_range(uintptr_t va, size_t len)
{
	assert_true(len > 0);
	assert_int_equal(va % PAGE_SIZE, 0);
	assert_int_equal(len % PAGE_SIZE, 0);
	assert_true(range_valid(va, len) || (va >= STACKS_VA && va + len <= STACKS_VA + env_boot.stacks_len));
}

static void check_prot(unsigned prot)
{
	assert_int_equal(prot & ~7u, 0);
	assert_false((prot & PROT_W) && (prot & PROT_X) && !(flags_now & BOOT_WX));
}

static int fake_map(uintptr_t va, paddr_t pa, size_t len, unsigned prot)
{
	bool in_ram = pa >= env_boot.ram_pa && pa + len <= env_boot.ram_pa + env_boot.ram_len;
	bool in_image = pa >= env_boot.image_pa && pa + len <= env_boot.image_pa + env_boot.image_len;

	check_range(va, len);
	check_prot(prot);
	assert_int_equal(pa % PAGE_SIZE, 0);
	assert_true(in_ram || (in_image && !(prot & PROT_W)));
	env_calls.map++;
	for (size_t i = 0; i < len; i += PAGE_SIZE) {
		struct entry **e = slot_of(va + i);

		if (env_map_fails && !--env_map_fails)
			return -ENOMEM; // in the middle, as the contract allows
		if (in_ram)
			assert_int_equal(frame_page(pa + i)->kind, PAGE_USED);
		if (!*e) {
			*e = calloc(1, sizeof(**e));
			entries++;
		}
		(*e)->va = va + i;
		(*e)->pa = pa + i;
		(*e)->prot = prot;
	}
	return 0;
}

static void each_entry(uintptr_t va, size_t len, void (*fn)(struct entry **e, unsigned prot), unsigned prot)
{
	if (len / PAGE_SIZE < BUCKETS) {
		for (size_t i = 0; i < len; i += PAGE_SIZE) {
			struct entry **e = slot_of(va + i);

			if (*e)
				fn(e, prot);
		}
		return;
	}
	for (size_t b = 0; b < BUCKETS; b++) {
		for (struct entry **e = &table[b]; *e;) {
			struct entry *here = *e;

			if (here->va >= va && here->va - va < len)
				fn(e, prot);
			if (*e == here)
				e = &here->next;
		}
	}
}

static void entry_remove(struct entry **e, unsigned prot)
{
	struct entry *gone = *e;

	*e = gone->next;
	free(gone);
	entries--;
}

static void entry_protect(struct entry **e, unsigned prot)
{
	if (!prot) {
		entry_remove(e, 0); // the harder of what the contract allows: it is forgotten
		return;
	}
	if (prot & PROT_W)
		assert_true(pa_is_ram((*e)->pa));
	(*e)->prot = prot;
}

static int fake_unmap(uintptr_t va, size_t len)
{
	check_range(va, len);
	env_calls.unmap++;
	each_entry(va, len, entry_remove, 0);
	return 0;
}

static int fake_protect(uintptr_t va, size_t len, unsigned prot)
{
	check_range(va, len);
	check_prot(prot);
	env_calls.protect++;
	each_entry(va, len, entry_protect, prot);
	return 0;
}

static void fake_release(paddr_t pa, size_t len)
{
	env_calls.release++;
	env_released += len;
	for (size_t i = 0; i < len; i += PAGE_SIZE)
		assert_true(frame_page(pa + i)->kind != PAGE_USED && frame_page(pa + i)->kind != PAGE_SLAB);
	memset(page_va(pa), 0, len);
}

static const struct platform fake = {
	.name = "fake", .map = fake_map, .unmap = fake_unmap, .protect = fake_protect, .release = fake_release,
};

static bool in_stacks(uintptr_t va) { return va >= STACKS_VA && va < STACKS_VA + env_boot.stacks_len; }

// Pages of kernel stacks on the platform; counts a reference for each.
static size_t stack_pages(uint32_t *refs)
{
	size_t n = 0;

	for (size_t b = 0; b < BUCKETS; b++) {
		for (struct entry *e = table[b]; e; e = e->next) {
			n += in_stacks(e->va);
			if (refs && in_stacks(e->va))
				refs[frame_number(frame_page(e->pa))]++;
		}
	}
	return n;
}

paddr_t __real_frame_alloc(unsigned order, bool zeroed);
paddr_t __wrap_frame_alloc(unsigned order, bool zeroed);
paddr_t __wrap_frame_alloc(unsigned order, bool zeroed)
{
	env_allocs++;
	if (env_fail_at && (env_fail_rest ? env_allocs >= (unsigned long)env_fail_at : env_allocs == (unsigned long)env_fail_at))
		return 0;
	return __real_frame_alloc(order, zeroed);
}

void env_fail_from(long n, bool rest)
{
	env_fail_at = n;
	env_fail_rest = rest;
	env_allocs = 0;
}

// What firmware may have left, at its worst: free blocks of 8 pages, as the array of pages has them.
static void spoil_ram(void)
{
	struct page *p = (void *)env_boot.ram_va;

	for (size_t i = 0; i < env_boot.ram_len / sizeof(*p); i++)
		p[i] = (struct page){ .kind = PAGE_FREE, .order = 3, .next = 1 };
}

// Once: the allocators keep their state from test to test, as they do in an instance.
static void boot(size_t ram, unsigned flags)
{
	env_boot = (struct boot_block){
		.ram_pa = RAM_PA, .ram_len = ram, .ram_va = (uintptr_t)aligned_alloc(2 * MIB, ALIGN_UP(ram, 2 * MIB)),
		.ram_free_off = 100, .image_pa = IMAGE_PA, .image_len = ENV_IMAGE_PAGES * PAGE_SIZE,
		.image_va = (uintptr_t)aligned_alloc(PAGE_SIZE, ENV_IMAGE_PAGES * PAGE_SIZE),
		.stacks_va = STACKS_VA, .stacks_len = 64 * MIB, .flags = flags,
	};
	memset((void *)env_boot.ram_va, 0, ram);
	if (flags & BOOT_RAM_DIRTY)
		spoil_ram();
	for (uint32_t i = 0; i < ENV_IMAGE_PAGES; i++) {
		memset((char *)env_boot.image_va + i * PAGE_SIZE, 0, PAGE_SIZE);
		memcpy((char *)env_boot.image_va + i * PAGE_SIZE, &i, sizeof(i));
	}
	// The lowest word of each kernel stack is written to: memory that stands for all of them.
	if (mmap((void *)STACKS_VA, env_boot.stacks_len, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0) != (void *)STACKS_VA)
		abort();
	plat = &fake;
	frame_init(&env_boot);
}

void env_begin(size_t ram, unsigned flags)
{
	flags_now = flags;
	cpu = (struct percpu){ .self = &cpu, .current = &thread, .area = &area };
	thread.process = &env_process;
	memset(&area, 0, sizeof(area));
	memset(&env_calls, 0, sizeof(env_calls));
	env_log[0] = '\0';
	env_map_fails = 0;
	env_released = 0;
	env_fail_from(0, false);
	if (syscall(SYS_arch_prctl, ARCH_SET_GS, &cpu))
		abort();
	if (!env_boot.ram_va)
		boot(ram, flags);
	env_boot.flags = flags;
	before = (struct frame_state_before){ env_used_frames(), env_objects() };
	env_mm = env_process.mm = mm_create(&env_boot);
	assert_non_null(env_mm);
}

static void destroy(struct mm *mm)
{
	assert_int_equal(mm->count, 0);
	assert_int_equal(mm->chunk_count, 0);
	mm_put(mm);
}

// Named by mm/fork.c only to bring it along.
struct vnode *tmpfs_new_file(uint32_t mode) { return NULL; }

void env_end(void)
{
	env_fail_from(0, false);
	for (struct region *r = region_at(env_mm, 0); r; r = r->next)
		r->flags &= (uint8_t)~REGION_KERNEL;
	assert_int_equal(mm_unmap(env_mm, 0, USER_HIGH), 0);
	assert_int_equal(entries, stack_pages(NULL)); // some stacks are kept
	destroy(env_mm);
	for (size_t i = 0; i < FILES_MAX; i++)
		if (files[i])
			env_file_drop(files[i]);
	assert_int_equal(env_objects(), before.objects);
	assert_int_equal(env_used_frames(), before.frames);
}

static uint32_t first_page(void)
{
	uint64_t array = (env_boot.ram_len >> PAGE_SHIFT) * sizeof(struct page);

	return (uint32_t)((ALIGN_UP(env_boot.ram_free_off, 16ul) + array + PAGE_SIZE - 1) >> PAGE_SHIFT);
}

size_t env_used_frames(void)
{
	size_t n = 0;

	for (uint32_t i = first_page(); i < env_boot.ram_len >> PAGE_SHIFT; i++) {
		n += frame_at(i)->kind == PAGE_USED;
		if (frame_at(i)->kind == PAGE_LARGE)
			i += frame_at(i)->refs - 1;
	}
	return n - stack_pages(NULL);
}

size_t env_objects(void)
{
	size_t n = 0;

	for (uint32_t i = first_page(); i < env_boot.ram_len >> PAGE_SHIFT; i++) {
		n += frame_at(i)->kind == PAGE_LARGE;
		n += frame_at(i)->kind == PAGE_SLAB ? frame_at(i)->inuse : 0;
		if (frame_at(i)->kind == PAGE_LARGE)
			i += frame_at(i)->refs - 1;
	}
	return n;
}

size_t env_mapped_pages(void) { return entries; }
unsigned env_prot_at(uintptr_t va) { return *slot_of(va) ? (*slot_of(va))->prot : 0; }

// Every region sorted, apart and sane; every present page in a region; every page of the platform as the software table says, with
// no more rights than the region gives.
static void check_regions(void)
{
	size_t count = 0;

	for (const struct region *r = region_at(env_mm, 0); r; r = r->next, count++) {
		uintptr_t room = r->start - (r->prev ? r->prev->end : 0);

		assert_true(r->start < r->end && r->start % PAGE_SIZE == 0 && r->end % PAGE_SIZE == 0);
		assert_true(range_valid(r->start, r->end - r->start));
		assert_true(!r->prev || (r->prev->end <= r->start && r->prev->next == r));
		assert_true(r->up ? r->up->left == r || r->up->right == r : env_mm->tree == r);
		assert_true(!r->up || r->up->rank >= r->rank);
		assert_true(!r->left || (r->left->up == r && r->left->start < r->start));
		assert_true(!r->right || (r->right->up == r && r->right->start > r->start));
		room = MAX(room, MAX(r->left ? r->left->room : 0, r->right ? r->right->room : 0));
		assert_int_equal(r->room, room);
	}
	assert_int_equal(count, env_mm->count);
}

static void check_entries(void)
{
	for (size_t b = 0; b < BUCKETS; b++) {
		for (struct entry *e = table[b]; e; e = e->next) {
			const struct region *r = region_find(env_mm, e->va);
			const uint32_t *pte = pte_find(env_mm, e->va);

			if (in_stacks(e->va))
				continue;
			assert_non_null(r);
			assert_true(pte && *pte);
			assert_int_equal(pte_pa(env_mm, *pte), e->pa);
			assert_int_equal(e->prot & ~pte_prot(env_mm, r, *pte), 0);
		}
	}
}

static void count_refs_of(struct mm *mm, uint32_t *refs)
{
	size_t chunks = 0;

	for (size_t b = 0; b < mm->bucket_count; b++) {
		for (struct chunk *c = mm->buckets[b]; c; c = c->next) {
			uint32_t present = 0;

			chunks++;
			for (size_t i = 0; i < CHUNK_PAGES; i++) {
				paddr_t pa = pte_pa(mm, c->pte[i]);

				present += c->pte[i] != 0;
				if (c->pte[i])
					assert_non_null(region_find(mm, c->base + i * PAGE_SIZE));
				if (c->pte[i] && !(c->pte[i] & PTE_IMAGE))
					refs[frame_number(frame_page(pa))]++;
			}
			assert_int_equal(present, c->present);
		}
	}
	assert_int_equal(chunks, mm->chunk_count);
}

static void count_refs(uint32_t *refs)
{
	for (struct mm *mm = mm_list; mm; mm = mm->next)
		count_refs_of(mm, refs);
	stack_pages(refs);
	for (size_t i = 0; i < FILES_MAX; i++)
		for (size_t p = 0; files[i] && p < ARRAY_LEN(files[i]->page); p++)
			if (files[i]->page[p] && pa_is_ram(files[i]->page[p]))
				refs[frame_number(frame_page(files[i]->page[p]))]++;
}

void env_check(void)
{
	uint32_t pages = (uint32_t)(env_boot.ram_len >> PAGE_SHIFT);
	uint32_t *refs = calloc(pages, sizeof(*refs));

	check_regions();
	check_entries();
	count_refs(refs);
	for (uint32_t i = first_page(); i < pages; i++) {
		if (frame_at(i)->kind == PAGE_USED)
			assert_int_equal(frame_at(i)->refs, refs[i]);
		else
			assert_int_equal(refs[i], 0);
		if (frame_at(i)->kind == PAGE_LARGE)
			i += frame_at(i)->refs - 1;
	}
	free(refs);
}

static int touch(uintptr_t va, uint64_t error, unsigned need, char **at)
{
	for (int tries = 0; tries < 4; tries++) {
		struct entry *e = *slot_of(ALIGN_DOWN(va, PAGE_SIZE));
		int code, r;

		if (e && (e->prot & need)) {
			*at = (char *)page_va(e->pa) + va % PAGE_SIZE;
			return 0;
		}
		r = mm_fault(env_mm, va, error | (e ? TRAP_PF_PRESENT : 0), env_rip, &code);
		if (r)
			return r;
	}
	fail_msg("a fault at 0x%lx comes again and again", va);
	return -EFAULT;
}

int env_read(uintptr_t va, uint32_t *value)
{
	char *at;
	int r = touch(va, 0, PROT_R | PROT_W | PROT_X, &at);

	if (!r)
		memcpy(value, at, sizeof(*value));
	return r;
}

int env_write(uintptr_t va, uint32_t value)
{
	char *at;
	int r = touch(va, TRAP_PF_WRITE, PROT_W, &at);

	if (!r)
		memcpy(at, &value, sizeof(value));
	return r;
}

int env_exec(uintptr_t va)
{
	char *at;

	return touch(va, TRAP_PF_EXEC, PROT_X, &at);
}

static int file_get_page(struct vnode *v, uint64_t off, bool write, paddr_t *pa)
{
	struct env_file *f = container_of(v, struct env_file, v);
	size_t n = off / PAGE_SIZE;
	uint32_t word = f->fill + (uint32_t)n;

	assert_int_equal(off % PAGE_SIZE, 0);
	f->writes += write;
	if (n >= f->pages)
		return -ENXIO;
	if (!f->page[n] && f->in_image && !write) {
		*pa = env_boot.image_pa + n * PAGE_SIZE;
		return 0;
	}
	if (!f->page[n]) {
		f->page[n] = frame_alloc(0, true);
		if (!f->page[n])
			return -ENOMEM;
		memcpy(page_va(f->page[n]), f->in_image ? (char *)env_boot.image_va + n * PAGE_SIZE : (char *)&word, sizeof(word));
	}
	*pa = f->page[n];
	frame_get(*pa);
	return 0;
}

static int file_sync(struct vnode *v, uint64_t from, uint64_t to)
{
	struct env_file *f = container_of(v, struct env_file, v);

	f->synced_from = from;
	f->synced_to = to;
	if (!f->sync_result)
		mm_vnode_clean(v, from, to);
	return f->sync_result;
}

static const struct vnode_ops file_ops = { .get_page = file_get_page, .sync = file_sync };

void env_file_init(struct env_file *f, size_t pages, uint32_t fill, bool in_image)
{
	size_t i = 0;

	*f = (struct env_file){ .v = { .ops = &file_ops, .refs = 1, .mode = 0100644 }, .pages = pages, .fill = fill,
				.in_image = in_image };
	while (files[i])
		i++;
	files[i] = f;
}

void env_file_truncate(struct env_file *f, size_t pages)
{
	for (size_t i = pages; i < ARRAY_LEN(f->page); i++) {
		if (f->page[i])
			frame_put(f->page[i]);
		f->page[i] = 0;
	}
	f->pages = pages;
	mm_vnode_truncated(&f->v, pages * PAGE_SIZE);
}

void env_file_drop(struct env_file *f)
{
	assert_int_equal(f->v.refs, 1);
	for (size_t i = 0; i < ARRAY_LEN(f->page); i++)
		if (f->page[i])
			frame_put(f->page[i]);
	for (size_t i = 0; i < FILES_MAX; i++)
		if (files[i] == f)
			files[i] = NULL;
}

struct vnode *vnode_get(struct vnode *v)
{
	v->refs++;
	return v;
}

void vnode_put(struct vnode *v)
{
	if (v)
		assert_true(v->refs-- > 1);
}

void vnode_mapped_as(struct vnode *v, const char *path)
{
}

void klog(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(env_log, sizeof(env_log), fmt, ap);
	va_end(ap);
}

void kassert_failed(const char *expr, const char *file, int line)
{
	mock_assert(0, expr, file, line);
	abort();
}

void kpanic(const char *fmt, ...)
{
	mock_assert(0, fmt, __FILE__, __LINE__);
	abort();
}

uint64_t time_now(void) { return env_now; }

uint64_t random_u64(void)
{
	static uint64_t x = 88172645463325252ull; // xorshift64

	x ^= x << 13;
	x ^= x >> 7;
	return x ^= x << 17;
}

void random_bytes(void *buf, size_t n) { memset(buf, 0x5a, n); }

static int user_bytes(uintptr_t to, const char *from, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char *at;

		if (touch(to + i, TRAP_PF_WRITE, PROT_W, &at))
			return -EFAULT;
		*at = from ? from[i] : 0;
	}
	return 0;
}

int copy_to_user(void *user, const void *src, size_t n) { return user_bytes((uintptr_t)user, src, n); }
int zero_user(void *user, size_t n) { return user_bytes((uintptr_t)user, NULL, n); }
int copy_from_user(void *dst, const void *user, size_t n) { return -EFAULT; }
bool user_range_ok(const void *p, size_t n) { return range_valid((uintptr_t)p, n); }
