// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names are offsets into a string table, which is given by its address in memory; so the segment
// that is loaded there says where it is in the file. A table of which a part only is in the file is
// as long as that part.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <image/dynamic.h>

#define NEEDED_MAX 4096

struct table {
	const char *at;
	size_t len;
};

static const Elf64_Dyn *find_section(const struct program *p, size_t *count)
{
	for (unsigned i = 0; i < p->eh->e_phnum; i++) {
		if (p->ph[i].p_type != PT_DYNAMIC || (p->ph[i].p_offset & 7))
			continue;
		*count = p->ph[i].p_filesz / sizeof(Elf64_Dyn);
		return (const Elf64_Dyn *)(p->map + p->ph[i].p_offset);
	}
	*count = 0;
	return NULL;
}

// program_open() has checked that segments lie in the file.
static struct table at_address(const struct program *p, uint64_t va, uint64_t len)
{
	for (unsigned i = 0; i < p->eh->e_phnum; i++) {
		const Elf64_Phdr *ph = &p->ph[i];
		uint64_t in = va - ph->p_vaddr;

		if (ph->p_type != PT_LOAD || va < ph->p_vaddr || in >= ph->p_filesz)
			continue;
		if (len > ph->p_filesz - in)
			len = ph->p_filesz - in;
		return (struct table){ (const char *)p->map + ph->p_offset + in, len };
	}
	return (struct table){ NULL, 0 };
}

static struct table find_names(const struct program *p, const Elf64_Dyn *dyn, size_t count)
{
	uint64_t va = 0, len = 0;

	for (size_t i = 0; i < count && dyn[i].d_tag != DT_NULL; i++) {
		if (dyn[i].d_tag == DT_STRTAB)
			va = dyn[i].d_un.d_ptr;
		if (dyn[i].d_tag == DT_STRSZ)
			len = dyn[i].d_un.d_val;
	}
	return at_address(p, va, len);
}

static const char *name_at(const struct table *names, uint64_t off)
{
	size_t room;

	if (off >= names->len)
		return NULL;
	room = names->len - off;
	if (room > DYNAMIC_NAME_MAX)
		room = DYNAMIC_NAME_MAX;
	return memchr(names->at + off, 0, room) ? names->at + off : NULL;
}

static int take(struct dynamic *d, const Elf64_Dyn *dyn, const char *name)
{
	const char **more;

	if (d->needed_count == NEEDED_MAX)
		return -E2BIG;
	switch (dyn->d_tag) {
	case DT_SONAME: d->soname = name; return 0;
	case DT_RPATH: d->rpath = name; return 0;
	case DT_RUNPATH: d->runpath = name; return 0;
	default: break;
	}
	more = realloc(d->needed, (d->needed_count + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	d->needed = more;
	more[d->needed_count++] = name;
	return 0;
}

int dynamic_read(struct dynamic *d, const struct program *p, struct failure *why)
{
	size_t count;
	const Elf64_Dyn *dyn = find_section(p, &count);
	struct table names = find_names(p, dyn, count);
	int err = 0;

	memset(d, 0, sizeof(*d));
	for (size_t i = 0; i < count && dyn[i].d_tag != DT_NULL && !err; i++) {
		int64_t tag = dyn[i].d_tag;
		const char *name;

		if (tag == DT_FLAGS_1)
			d->no_default = dyn[i].d_un.d_val & DF_1_NODEFLIB;
		if (tag != DT_SONAME && tag != DT_RPATH && tag != DT_RUNPATH && tag != DT_NEEDED)
			continue;
		name = name_at(&names, dyn[i].d_un.d_val);
		if (!name)
			err = failure_set(why, -ENOEXEC,
					  "%s lies: a name in its dynamic section is not in the file",
					  p->path);
		else if ((err = take(d, &dyn[i], name)))
			failure_errno(why, err, "the libraries that %s wants", p->path);
	}
	if (d->runpath)
		d->rpath = NULL;
	if (err)
		dynamic_free(d);
	return err;
}

void dynamic_free(struct dynamic *d)
{
	free(d->needed);
	d->needed = NULL;
	d->needed_count = 0;
}
