// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The first stack of a program (x86-64 psABI, 3.4.1): argc, argv, envp, auxiliary vector, and the
// strings they point to, the layout of Linux's create_elf_tables().
//
// Everything is written with copy_to_user from the top down; the pages are made present beforehand
// in one go.
#include <asm-generic/errno-base.h>
#include <linux/auxvec.h>
#include <core/user.h>
#include <linux/process.h>
#include <mm/exec.h>

#define AT_COUNT 20
#define AT_MINSIGSTKSZ_ 51 // AT_MINSIGSTKSZ: asm/auxvec.h
#define MINSIGSTKSZ_AVX512 3632 // frame with AVX-512 state
#define CLOCK_TICKS 100 // AT_CLKTCK
#define HEAD_ROOM (16ul << 10) // stack below the vectors that comes with them

// The vDSO, if a system call of the image brought it in (kernel/vdso): gives its address.
__attribute__((weak)) uintptr_t vdso_map(struct mm *mm);

static uint32_t cpuid_features(void)
{
	uint32_t a = 1, b, c = 0, d;

	__asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	return d;
}

// Writes a list's pointers (NULL at the end) to `to`; the strings themselves are at `strings`.
// Gives the end of the pointers.
static uint64_t *put_pointers(uint64_t *to, const struct exec_strings *list, uintptr_t strings)
{
	const char *p = list->bytes;

	for (uint32_t i = 0; i < list->count; i++) {
		*to++ = strings + (uintptr_t)(p - list->bytes);
		p += strlen(p) + 1;
	}
	*to++ = 0;
	return to;
}

static uint64_t *put_aux(uint64_t *to, uint64_t type, uint64_t value)
{
	*to++ = type;
	*to++ = value;
	return to;
}

static uint64_t *put_auxv(uint64_t *to, struct mm *mm, const struct exec_facts *f, uintptr_t path,
			  uintptr_t platform, uintptr_t random)
{
	const struct process *p = current_process();

	if (vdso_map)
		to = put_aux(to, AT_SYSINFO_EHDR, vdso_map(mm));
	to = put_aux(to, AT_HWCAP, cpuid_features());
	to = put_aux(to, AT_HWCAP2, 2); // FSGSBASE may be used: HWCAP2_FSGSBASE of asm/hwcap2.h
	to = put_aux(to, AT_PAGESZ, PAGE_SIZE);
	to = put_aux(to, AT_CLKTCK, CLOCK_TICKS);
	to = put_aux(to, AT_PHDR, f->phdr);
	to = put_aux(to, AT_PHENT, 56);
	to = put_aux(to, AT_PHNUM, f->phnum);
	to = put_aux(to, AT_BASE, f->interp_base);
	to = put_aux(to, AT_FLAGS, 0);
	to = put_aux(to, AT_ENTRY, f->entry);
	to = put_aux(to, AT_UID, p->uid);
	to = put_aux(to, AT_EUID, p->euid);
	to = put_aux(to, AT_GID, p->gid);
	to = put_aux(to, AT_EGID, p->egid);
	to = put_aux(to, AT_SECURE, 0);
	to = put_aux(to, AT_RANDOM, random);
	to = put_aux(to, AT_EXECFN, path);
	to = put_aux(to, AT_PLATFORM, platform);
	to = put_aux(to, AT_MINSIGSTKSZ_, MINSIGSTKSZ_AVX512);
	return put_aux(to, AT_NULL, 0);
}

int exec_stack(struct mm *mm, const struct exec_facts *f, uintptr_t *rsp)
{
	static const char platform[] = "x86_64";
	size_t args = f->args->len, env = f->env->len, path = strlen(f->path) + 1;
	size_t words = 1 + f->args->count + 1 + f->env->count + 1 + 2 * (AT_COUNT + 2);
	uintptr_t path_at = f->stack_top - 8 - path, env_at = path_at - env,
		  args_at = env_at - args;
	uintptr_t platform_at = args_at - sizeof(platform),
		  random_at = ALIGN_DOWN(platform_at - 16, 16ul);
	uintptr_t at = ALIGN_DOWN(random_at - words * 8, 16ul), low;
	uint8_t random[16];
	uint64_t *vector, *p;
	int err;

	if (f->stack_top - at > STACK_MAX / 4 ||
	    f->stack_top - at > current_process()->limits[RLIMIT_STACK_].cur / 4)
		return -E2BIG;
	low = ALIGN_DOWN(at - MIN(HEAD_ROOM, frame_available() * 256), PAGE_SIZE);
	err = mm_populate(mm, low, f->stack_top - low, true);
	vector = err ? NULL : kmalloc(words * 8);
	if (!vector)
		return -ENOMEM;
	random_bytes(random, sizeof(random));
	p = vector;
	*p++ = f->args->count;
	p = put_pointers(p, f->args, args_at);
	p = put_pointers(p, f->env, env_at);
	p = put_auxv(p, mm, f, path_at, platform_at, random_at);
	kassert((size_t)(p - vector) <= words);
	if (copy_to_user((void *)at, vector, words * 8) ||
	    copy_to_user((void *)random_at, random, sizeof(random)) ||
	    copy_to_user((void *)platform_at, platform, sizeof(platform)) ||
	    copy_to_user((void *)args_at, f->args->bytes, args) ||
	    copy_to_user((void *)env_at, f->env->bytes, env) ||
	    copy_to_user((void *)path_at, f->path, path))
		err = -ENOMEM;
	kfree(vector);
	*rsp = at;
	return err;
}
