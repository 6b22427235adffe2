// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Reads and checks a program's ELF headers (System V ABI, chapter 4: object files; psABI x86-64).
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pith/image.h>
#include <image/program.h>

static bool inside(const struct program *p, uint64_t off, uint64_t len)
{
	return off <= p->len && len <= p->len - off;
}

static const char *machine_name(unsigned machine)
{
	switch (machine) {
	case EM_386: return "32-bit x86";
	case EM_AARCH64: return "64-bit Arm";
	case EM_ARM: return "32-bit Arm";
	case EM_RISCV: return "RISC-V";
	case EM_PPC64: return "64-bit PowerPC";
	case EM_S390: return "s390";
	default: return "another machine";
	}
}

static int check_ident(struct program *p, struct failure *why)
{
	if (p->len < SELFMAG || memcmp(p->map, ELFMAG, SELFMAG)) {
		if (p->len > 2 && p->map[0] == '#' && p->map[1] == '!')
			return failure_set(why, -ENOEXEC,
					   "%s is a script, not a program: build its interpreter "
					   "and give the script "
					   "with --file and as argument",
					   p->path);
		return failure_set(why, -ENOEXEC,
				   "%s is not an ELF file: give an executable for Linux on x86-64",
				   p->path);
	}
	if (p->len < sizeof(Elf64_Ehdr))
		return failure_set(
			why, -ENOEXEC,
			"%s is cut off: its ELF header needs %zu bytes, the file has %zu", p->path,
			sizeof(Elf64_Ehdr), p->len);
	p->eh = (const Elf64_Ehdr *)p->map;
	if (p->eh->e_machine != EM_X86_64 || p->eh->e_ident[EI_CLASS] != ELFCLASS64 ||
	    p->eh->e_ident[EI_DATA] != ELFDATA2LSB)
		return failure_set(why, -ENOEXEC,
				   "%s is a program for %s: Pith runs x86-64 programs only",
				   p->path, machine_name(p->eh->e_machine));
	if (p->eh->e_type == ET_REL)
		return failure_set(why, -ENOEXEC,
				   "%s is an object file: link it first (cc -static -o prog %s)",
				   p->path, p->path);
	if (p->eh->e_type != ET_EXEC && p->eh->e_type != ET_DYN)
		return failure_set(why, -ENOEXEC, "%s is not an executable (ELF type %u)", p->path,
				   p->eh->e_type);
	p->pie = p->eh->e_type == ET_DYN;
	return 0;
}

static int check_segment(struct program *p, unsigned i, struct failure *why)
{
	const Elf64_Phdr *ph = &p->ph[i];

	if (!inside(p, ph->p_offset, ph->p_filesz))
		return failure_set(why, -ENOEXEC,
				   "%s is cut off or lies: segment %u needs bytes up to %#llx, the "
				   "file has %#zx",
				   p->path, i, (unsigned long long)ph->p_offset + ph->p_filesz,
				   p->len);
	if (ph->p_type == PT_INTERP) {
		if (!ph->p_filesz || p->map[ph->p_offset + ph->p_filesz - 1])
			return failure_set(why, -ENOEXEC,
					   "%s: the name of its interpreter does not end", p->path);
		p->interpreter = (const char *)p->map + ph->p_offset;
	}
	if (ph->p_type != PT_LOAD)
		return 0;
	if (ph->p_filesz > ph->p_memsz || ph->p_vaddr + ph->p_memsz < ph->p_vaddr ||
	    ph->p_vaddr + ph->p_memsz >= 1ull << 47)
		return failure_set(why, -ENOEXEC,
				   "%s lies: segment %u has an impossible size or address", p->path,
				   i);
	if ((ph->p_vaddr ^ ph->p_offset) & 4095)
		return failure_set(why, -ENOEXEC,
				   "%s: segment %u is not aligned to pages of 4096 bytes", p->path,
				   i);
	return 0;
}

#define GO_BUILD_ID 4

// Does a note of this maker and one of these types begin among these bytes? Segments lie in the file
// (check_segment()); what a note says of its length may not.
static bool in_notes(const uint8_t *at, size_t left, const char *maker, uint32_t first, uint32_t last)
{
	Elf64_Nhdr n;

	while (left >= sizeof(n)) {
		size_t name, desc;

		memcpy(&n, at, sizeof(n));
		name = ((size_t)n.n_namesz + 3) & ~3ul;
		desc = ((size_t)n.n_descsz + 3) & ~3ul;
		at += sizeof(n);
		left -= sizeof(n);
		if (name > left || desc > left - name)
			return false;
		if (n.n_type >= first && n.n_type <= last && n.n_namesz > strlen(maker) &&
		    !memcmp(at, maker, strlen(maker) + 1))
			return true;
		at += name + desc;
		left -= name + desc;
	}
	return false;
}

static bool has_note(const struct program *p, const char *maker, uint32_t first, uint32_t last)
{
	for (unsigned i = 0; i < p->eh->e_phnum; i++)
		if (p->ph[i].p_type == PT_NOTE &&
		    in_notes(p->map + p->ph[i].p_offset, p->ph[i].p_filesz, maker, first, last))
			return true;
	return false;
}

static int check_segments(struct program *p, struct failure *why)
{
	unsigned loads = 0;
	bool entry = false;

	if (p->eh->e_phentsize != sizeof(Elf64_Phdr) || !p->eh->e_phnum || p->eh->e_phnum > 64 ||
	    !inside(p, p->eh->e_phoff, p->eh->e_phnum * sizeof(Elf64_Phdr)) || (p->eh->e_phoff & 7))
		return failure_set(why, -ENOEXEC,
				   "%s is cut off or lies: its program headers are not in the file",
				   p->path);
	p->ph = (const Elf64_Phdr *)(p->map + p->eh->e_phoff);
	for (unsigned i = 0; i < p->eh->e_phnum; i++) {
		int err = check_segment(p, i, why);

		if (err)
			return err;
		loads += p->ph[i].p_type == PT_LOAD;
		entry |= p->ph[i].p_type == PT_LOAD && (p->ph[i].p_flags & PF_X) &&
			 p->eh->e_entry >= p->ph[i].p_vaddr &&
			 p->eh->e_entry < p->ph[i].p_vaddr + p->ph[i].p_filesz;
	}
	if (has_note(p, PITH_NOTE_NAME, PITH_NOTE_IMAGE, PITH_NOTE_PACKED))
		return failure_set(why, -ENOEXEC,
				   "%s is an image already: pith run it, or give the program itself",
				   p->path);
	if (!loads)
		return failure_set(why, -ENOEXEC, "%s: nothing in it is to be loaded", p->path);
	if (!entry && p->eh->e_entry)
		return failure_set(why, -ENOEXEC,
				   "%s lies: its entry point %#llx is in no executable segment",
				   p->path, (unsigned long long)p->eh->e_entry);
	return 0;
}

// Sections are a help, not a need: broken ones are as good as none.
static void find_symbols(struct program *p)
{
	if (p->eh->e_shentsize != sizeof(Elf64_Shdr) || (p->eh->e_shoff & 7) ||
	    !inside(p, p->eh->e_shoff, (uint64_t)p->eh->e_shnum * sizeof(Elf64_Shdr)))
		return;
	p->sh = (const Elf64_Shdr *)(p->map + p->eh->e_shoff);
	p->sh_count = p->eh->e_shnum;
	for (size_t i = 0; i < p->sh_count; i++) {
		const Elf64_Shdr *s = &p->sh[i], *str;

		if (s->sh_type != SHT_SYMTAB || s->sh_link >= p->sh_count ||
		    !inside(p, s->sh_offset, s->sh_size) || (s->sh_offset & 7))
			continue;
		str = &p->sh[s->sh_link];
		if (!inside(p, str->sh_offset, str->sh_size) || !str->sh_size ||
		    p->map[str->sh_offset + str->sh_size - 1])
			continue;
		p->symbols = (const Elf64_Sym *)(p->map + s->sh_offset);
		p->symbol_count = s->sh_size / sizeof(Elf64_Sym);
		p->names = (const char *)p->map + str->sh_offset;
		p->names_len = str->sh_size;
	}
}

bool program_is_go(const struct program *p)
{
	return has_note(p, "Go", GO_BUILD_ID, GO_BUILD_ID);
}

int program_check(struct program *p, const uint8_t *map, size_t len, struct failure *why)
{
	int err;

	p->map = map;
	p->len = len;
	err = check_ident(p, why);
	if (!err)
		err = check_segments(p, why);
	if (!err)
		find_symbols(p);
	return err;
}

int program_open(struct program *p, const char *path, struct failure *why)
{
	struct stat st;
	void *map = MAP_FAILED;
	int fd, err;

	memset(p, 0, sizeof(*p));
	snprintf(p->path, sizeof(p->path), "%s", path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return failure_errno(why, -errno, "cannot open the program %s", path);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size)
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return failure_set(why, -ENOEXEC,
				   "%s is %s: give an executable for Linux on x86-64", path,
				   S_ISDIR(st.st_mode)	 ? "a directory"
				   : S_ISREG(st.st_mode) ? "empty or cannot be read"
							 : "not a file");
	p->mode = st.st_mode & 07777;
	err = program_check(p, map, (size_t)st.st_size, why);
	if (err)
		program_close(p);
	return err;
}

void program_close(struct program *p)
{
	if (p->map)
		munmap((void *)p->map, p->len);
	p->map = NULL;
}

const char *program_symbol_name(const struct program *p, const Elf64_Sym *s)
{
	return s->st_name < p->names_len ? p->names + s->st_name : "";
}
