// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Reads the symbol table of the file that is mapped at an address, straight from its vnode and a
// little at a time: this runs while the program is being declared dead, perhaps for want of memory.
// Everything read is checked. A file without .symtab has the names that it exports (.dynsym); where
// none fits, the file's own name and the address in its terms are said.
#include <elf.h>

#include <core/symbol_elf.h>
#include <fs/vnode.h>
#include <linux/process.h>
#include <mm/mm.h>

#define BATCH 32
#define SECTIONS_MAX 256

static bool read_at(struct vnode *v, uint64_t off, void *buf, size_t n)
{
	struct iov storage;
	struct iov_iter it;

	if (!v->ops->read)
		return false;
	iov_iter_one_kernel(&it, &storage, buf, n);
	return v->ops->read(v, &it, off) == (ssize_t)n;
}

static const struct region *region_of(uintptr_t pc)
{
	const struct region *r = mm_region_at_or_above(current_process()->mm, pc);

	return r && r->start <= pc ? r : NULL;
}

// The address in the file's own terms: through the program header that covers the file offset of
// pc.
static bool to_file_address(struct vnode *v, const Elf64_Ehdr *eh, uint64_t off, uint64_t *addr)
{
	Elf64_Phdr ph;

	for (unsigned i = 0; i < eh->e_phnum; i++) {
		if (!read_at(v, eh->e_phoff + i * sizeof(ph), &ph, sizeof(ph)))
			return false;
		if (ph.p_type == PT_LOAD && off >= ph.p_offset && off - ph.p_offset < ph.p_filesz) {
			*addr = ph.p_vaddr + (off - ph.p_offset);
			return true;
		}
	}
	return false;
}

static bool find_table(struct vnode *v, const Elf64_Ehdr *eh, uint32_t type, Elf64_Shdr *symbols,
		       Elf64_Shdr *strings)
{
	for (unsigned i = 0; i < eh->e_shnum && i < SECTIONS_MAX; i++) {
		if (!read_at(v, eh->e_shoff + i * sizeof(*symbols), symbols, sizeof(*symbols)))
			return false;
		if (symbols->sh_type == type && symbols->sh_link < eh->e_shnum)
			return read_at(v, eh->e_shoff + symbols->sh_link * sizeof(*strings),
				       strings, sizeof(*strings));
	}
	return false;
}

static bool search(struct vnode *v, const Elf64_Shdr *table, uint64_t addr, Elf64_Sym *best)
{
	Elf64_Sym batch[BATCH];
	uint64_t count = table->sh_size / sizeof(*batch);
	bool found = false;

	for (uint64_t i = 0; i < count; i += BATCH) {
		unsigned n = (unsigned)MIN((uint64_t)BATCH, count - i);

		if (!read_at(v, table->sh_offset + i * sizeof(*batch), batch, n * sizeof(*batch)))
			return found;
		for (unsigned k = 0; k < n; k++) {
			const Elf64_Sym *s = &batch[k];

			if (ELF64_ST_TYPE(s->st_info) == STT_FUNC && s->st_value <= addr &&
			    addr - s->st_value < MAX(s->st_size, 1ul) &&
			    (!found || s->st_value > best->st_value)) {
				*best = *s;
				found = true;
			}
		}
	}
	return found;
}

// The function around an address, as "name+0x12" behind what is in buf already.
static bool put_function(struct vnode *v, const Elf64_Ehdr *eh, uint64_t addr, char *buf,
			 size_t size)
{
	Elf64_Shdr symbols, strings;
	Elf64_Sym sym = { 0 };
	char name[64] = "";

	if (eh->e_shentsize != sizeof(Elf64_Shdr) ||
	    (!find_table(v, eh, SHT_SYMTAB, &symbols, &strings) &&
	     !find_table(v, eh, SHT_DYNSYM, &symbols, &strings)) ||
	    !search(v, &symbols, addr, &sym))
		return false;
	// Names at the very end of the table are shorter than the buffer.
	for (size_t n = sizeof(name) - 1; n; n /= 2)
		if (read_at(v, strings.sh_offset + sym.st_name, name, n))
			break;
	ksnprintf(buf, size, "%s+0x%lx", name, addr - sym.st_value);
	return name[0] != 0;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool symbol_elf_find(uintptr_t pc, char *buf, size_t size)
{
	const struct region *r = region_of(pc);
	struct vnode *v = r ? r->vnode : NULL;
	bool library = v && v->path && strcmp(v->path, current_process()->invocation->exe);
	Elf64_Ehdr eh;
	uint64_t addr;
	size_t len = 0;

	if (!v || !read_at(v, 0, &eh, sizeof(eh)) || memcmp(eh.e_ident, ELFMAG, SELFMAG) ||
	    eh.e_phentsize != sizeof(Elf64_Phdr) ||
	    !to_file_address(v, &eh, r->off + (pc - r->start), &addr))
		return false;
	if (library)
		len = (size_t)ksnprintf(buf, size, "%s:", base_name(v->path));
	if (len < size && put_function(v, &eh, addr, buf + len, size - len))
		return true;
	if (!v->path)
		return false;
	ksnprintf(buf, size, "%s+0x%lx", base_name(v->path), addr);
	return true;
}
