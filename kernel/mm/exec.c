// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Loads a program: its segments and its interpreter's from the root, as Linux's binfmt_elf does
// (System V ABI, chapters 4 and 5; x86-64 psABI, 3.4.1 for the first stack).
//
// Everything the file says is checked before anything is mapped: bad files end with a message that
// names what is wrong.
#include <asm-generic/errno.h>
#include <linux/auxvec.h>
#include <linux/elf.h>
#include <linux/mman.h>
#include <core/user.h>
#include <fs/vnode.h>
#include <linux/process.h>
#include <mm/exec.h>
#include <mm/space.h>

#define MAX_PHDRS 64
#define PIE_BASE \
	0x555555554000ul // as Linux: two thirds of the address space, then 28 bits of random pages
#define STACK_GUARD (256 * PAGE_SIZE) // kept free below the stack, as Linux's stack_guard_gap
#define PREFAULT_COPY \
	(64ul << 10) // of a writable segment: copied at once instead of fault by fault

struct elf {
	struct vnode *vnode;
	const char *path;
	Elf64_Ehdr eh;
	Elf64_Phdr ph[MAX_PHDRS];
	uintptr_t low, high; // of all PT_LOADs, page-aligned, before the bias
	uintptr_t bias;
	char interp[256];
	bool quiet; // shells try any file, and take it for a script if it is no ELF file
};

static int bad(const struct elf *e, const char *what)
{
	klog("cannot run %s: %s", e->path, what);
	return -ENOEXEC;
}

static int read_at(struct vnode *v, void *buf, size_t n, uint64_t off)
{
	struct iov storage;
	struct iov_iter it;
	ssize_t r;

	iov_iter_one_kernel(&it, &storage, buf, n);
	r = v->ops->read(v, &it, off);
	return r == (ssize_t)n ? 0 : r < 0 ? (int)r : -ENOEXEC;
}

static int check_header(struct elf *e)
{
	const Elf64_Ehdr *h = &e->eh;

	if (read_at(e->vnode, &e->eh, sizeof(e->eh), 0) || memcmp(h->e_ident, ELFMAG, SELFMAG))
		return e->quiet ? -ENOEXEC : bad(e, "not an ELF file");
	if (h->e_ident[EI_CLASS] != ELFCLASS64 || h->e_machine != EM_X86_64)
		return bad(e, "not an x86-64 program");
	if (h->e_type != ET_EXEC && h->e_type != ET_DYN)
		return bad(e, "not an executable");
	if (h->e_phentsize != sizeof(Elf64_Phdr) || !h->e_phnum || h->e_phnum > MAX_PHDRS)
		return bad(e, "impossible program header table");
	if (read_at(e->vnode, e->ph, h->e_phnum * sizeof(Elf64_Phdr), h->e_phoff))
		return bad(e, "program headers are beyond the end of the file");
	return 0;
}

static int check_load(struct elf *e, const Elf64_Phdr *p)
{
	if (p->p_filesz > p->p_memsz || p->p_vaddr + p->p_memsz < p->p_vaddr ||
	    p->p_vaddr + p->p_memsz > USER_HIGH || p->p_offset + p->p_filesz < p->p_offset)
		return bad(e, "a segment has an impossible size");
	if ((p->p_vaddr ^ p->p_offset) & (PAGE_SIZE - 1))
		return bad(e, "a segment is not aligned to pages");
	if (p->p_vaddr < e->high && e->high)
		return bad(e, "segments overlap or are out of order");
	if (!e->high)
		e->low = ALIGN_DOWN(p->p_vaddr, PAGE_SIZE);
	e->high = ALIGN_UP(p->p_vaddr + p->p_memsz, PAGE_SIZE);
	return 0;
}

static int check_segments(struct elf *e)
{
	int err = 0;

	for (unsigned i = 0; i < e->eh.e_phnum && !err; i++) {
		const Elf64_Phdr *p = &e->ph[i];

		if (p->p_type == PT_LOAD && p->p_memsz) {
			err = check_load(e, p);
		} else if (p->p_type == PT_INTERP) {
			if (!p->p_filesz || p->p_filesz > sizeof(e->interp) ||
			    read_at(e->vnode, e->interp, p->p_filesz, p->p_offset) ||
			    e->interp[p->p_filesz - 1])
				err = bad(e, "the name of its interpreter is broken");
		}
	}
	return err || e->high ? err : bad(e, "nothing in it is to be loaded");
}

static int elf_open(struct elf *e, struct vnode *file, const char *path)
{
	int err;

	e->path = path;
	e->vnode = vnode_get(file);
	vnode_mapped_as(e->vnode, path);
	if (!e->vnode->ops->read || !e->vnode->ops->get_page)
		return bad(e, "not a regular file");
	err = check_header(e);
	return err ? err : check_segments(e);
}

static unsigned segment_prot(const Elf64_Phdr *p)
{
	return (p->p_flags & PF_R ? PROT_R : 0) | (p->p_flags & PF_W ? PROT_W : 0) |
	       (p->p_flags & PF_X ? PROT_X : 0);
}

// The part of a segment that is not in the file: zeros to the end of the page, even beyond the
// segment (ld.so takes its first memory there, and takes it for zeros), then anonymous pages.
static int map_bss(struct mm *mm, const Elf64_Phdr *p, uintptr_t file_end, unsigned prot)
{
	uintptr_t page_end =
		p->p_filesz ? ALIGN_UP(file_end, PAGE_SIZE) : ALIGN_DOWN(file_end, PAGE_SIZE);
	uintptr_t end = file_end - p->p_filesz + p->p_memsz;
	long at;

	if (end > file_end && page_end > file_end && (prot & PROT_W) &&
	    zero_user((void *)file_end, page_end - file_end))
		return -ENOMEM;
	if (end <= page_end)
		return 0;
	at = mm_map(mm, page_end, end - page_end, prot,
		    MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_NORESERVE, NULL, 0);
	return at < 0 ? (int)at : 0;
}

static int map_segment(struct mm *mm, struct elf *e, const Elf64_Phdr *p)
{
	uintptr_t start = e->bias + ALIGN_DOWN(p->p_vaddr, PAGE_SIZE),
		  file_end = e->bias + p->p_vaddr + p->p_filesz;
	unsigned prot = segment_prot(p);
	size_t len = file_end - start;
	long at;

	if (p->p_filesz) {
		at = mm_map(mm, start, len, prot, MAP_PRIVATE | MAP_FIXED, e->vnode,
			    ALIGN_DOWN(p->p_offset, PAGE_SIZE));
		if (at < 0)
			return (int)at;
		// What is in the image costs nothing to map; of what will be written, the first
		// pages are copied at once.
		at = prot & PROT_W ? mm_populate(mm, start, MIN(len, PREFAULT_COPY), true)
				   : mm_populate(mm, start, len, false);
		if (at < 0 && at != -EACCES)
			return (int)at;
	}
	return map_bss(mm, p, file_end, prot);
}

// Where a position-independent file goes: the program at Linux's place, its interpreter among the
// mappings.
static uintptr_t choose_base(struct mm *mm, const struct elf *e, bool interpreter)
{
	size_t len = e->high - e->low;
	uintptr_t at;

	if (interpreter)
		return gap_below(mm->mmap_top, len, PAGE_SIZE);
	at = PIE_BASE + ((random_u64() & 0xfffffff) << PAGE_SHIFT);
	return range_free(mm, at, at + len) ? at : gap_below(mm->mmap_top, len, PAGE_SIZE);
}

static int elf_map(struct mm *mm, struct elf *e, bool interpreter)
{
	int err = 0;

	if (e->eh.e_type == ET_DYN) {
		e->bias = choose_base(mm, e, interpreter) - e->low;
	} else if (!range_valid(e->low, e->high - e->low)) {
		return bad(e, "it wants addresses that are not for programs");
	}
	for (unsigned i = 0; i < e->eh.e_phnum && !err; i++)
		if (e->ph[i].p_type == PT_LOAD && e->ph[i].p_memsz)
			err = map_segment(mm, e, &e->ph[i]);
	if (err)
		klog("cannot run %s: error %d while mapping it%s", e->path, -err,
		     err == -ENOMEM ? ": too little memory" : "");
	return err;
}

static uintptr_t phdr_address(const struct elf *e)
{
	for (unsigned i = 0; i < e->eh.e_phnum; i++) {
		const Elf64_Phdr *p = &e->ph[i];

		if (p->p_type == PT_LOAD && e->eh.e_phoff >= p->p_offset &&
		    e->eh.e_phoff < p->p_offset + p->p_filesz)
			return e->bias + p->p_vaddr + (e->eh.e_phoff - p->p_offset);
	}
	return 0;
}

static int map_stack(struct mm *mm, uintptr_t *top)
{
	struct region r = { .prot = PROT_R | PROT_W, .flags = REGION_STACK, .name = "[stack]" };
	size_t len =
		ALIGN_UP(MIN(current_process()->limits[RLIMIT_STACK_].cur, STACK_MAX), PAGE_SIZE);

	r.end = USER_HIGH - ((random_u64() & 0x3fffff) << PAGE_SHIFT);
	r.start = range_free(mm, r.end - len, r.end) ? r.end - len :
						      gap_below(r.end, len, PAGE_SIZE);
	r.end = r.start + len;
	if (!r.start || region_reserve(mm))
		return -ENOMEM;
	region_insert(mm, &r);
	mm->mmap_top = MIN(mm->mmap_top, r.start - STACK_GUARD);
	*top = r.end;
	return 0;
}

struct exec_program {
	struct elf program, interp;
};

static int open_interpreter(struct exec_program *e)
{
	const char *path = e->program.interp;
	struct vnode *file;
	int err = path_vnode(current_process()->root, path, LOOKUP_FOLLOW, &file);

	if (err) {
		klog("cannot run %s: its interpreter %s is not in the image", e->program.path, path);
		return err;
	}
	err = elf_open(&e->interp, file, path);
	vnode_put(file);
	return err;
}

int exec_prepare(struct vnode *file, const char *path, bool quiet, struct exec_program **out)
{
	struct exec_program *e = kzalloc(sizeof(*e));
	int err;

	if (!e)
		return -ENOMEM;
	e->program.quiet = quiet;
	err = elf_open(&e->program, file, path);
	if (!err && e->program.interp[0])
		err = open_interpreter(e);
	if (err)
		exec_forget(e);
	else
		*out = e;
	return err;
}

void exec_forget(struct exec_program *e)
{
	vnode_put(e->program.vnode);
	vnode_put(e->interp.vnode);
	kfree(e);
}

bool exec_fixed(const struct exec_program *e, uintptr_t *start, uintptr_t *end)
{
	*start = e->program.low;
	*end = e->program.high;
	return e->program.eh.e_type == ET_EXEC;
}

int exec_map(struct mm *mm, struct exec_program *e, const struct exec_strings *args,
	     const struct exec_strings *env, struct exec_start *start)
{
	struct elf *program = &e->program, *interp = &e->interp;
	struct exec_facts facts = { .path = program->path, .args = args, .env = env };
	int err = map_stack(mm, &facts.stack_top);

	if (!err)
		err = elf_map(mm, program, false);
	if (!err && interp->vnode)
		err = elf_map(mm, interp, true);
	if (err)
		return err;
	mm->brk = mm->brk_start =
		program->bias + program->high + ((random_u64() & 0x1fff) << PAGE_SHIFT);
	facts.phdr = phdr_address(program);
	facts.phnum = program->eh.e_phnum;
	facts.entry = program->bias + program->eh.e_entry;
	facts.interp_base = interp->bias;
	start->rip = interp->vnode ? interp->bias + interp->eh.e_entry : facts.entry;
	return exec_stack(mm, &facts, &start->rsp);
}

int exec_load(struct mm *mm, struct exec_start *start)
{
	const struct invocation *by = current_process()->invocation;
	struct exec_program *e;
	struct vnode *file;
	int err = path_vnode(current_process()->root, by->exe, LOOKUP_FOLLOW, &file);

	if (err) {
		klog("cannot run %s: it is not in the image", by->exe);
		return err;
	}
	err = exec_prepare(file, by->exe, false, &e);
	vnode_put(file);
	if (err)
		return err;
	err = exec_map(mm, e, &by->args, &by->env, start);
	exec_forget(e);
	return err;
}
