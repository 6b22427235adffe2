// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names are found by their "lib", since long programs have few of these. What stands before it must
// be no part of a name: a zero byte in C; in other languages a length, too.
#include <string.h>

#include <image/opened.h>

static bool in_name(unsigned char c)
{
	return c > ' ' && c < 0x7f;
}

// Of the characters that names of libraries have.
static bool is_plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c && strchr("_.+-", c));
}

// "libx.so", "libx-1.2.so.3.4"; not "libx.soap" or "lib.so".
static bool is_library(const char *name, size_t len)
{
	const char *so = memmem(name, len, ".so", 3);

	if (!so || so == name + 3)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_plain(name[i]))
			return false;
	return so + 3 == name + len || (so[3] == '.' && so + 4 < name + len);
}

static int each_in(const char *at, size_t len, unsigned *left,
		   int (*found)(const char *name, void *arg), void *arg)
{
	const char *end = at + len, *start = at;
	int err = 0;

	while (!err && *left && (at = memmem(at, (size_t)(end - at), "lib", 3))) {
		size_t room = (size_t)(end - at);
		size_t n = strnlen(at, room < OPENED_NAME_MAX ? room : OPENED_NAME_MAX);

		if ((at == start || !in_name((unsigned char)at[-1])) && n < room &&
		    n < OPENED_NAME_MAX && is_library(at, n)) {
			--*left;
			err = found(at, arg);
		}
		at += 3;
	}
	return err;
}

int opened_each(const struct program *p, int (*found)(const char *name, void *arg), void *arg)
{
	unsigned left = OPENED_MAX;
	int err = 0;

	for (unsigned i = 0; i < p->eh->e_phnum && !err; i++)
		if (p->ph[i].p_type == PT_LOAD) // which is in the file: program_check()
			err = each_in((const char *)p->map + p->ph[i].p_offset, p->ph[i].p_filesz,
				      &left, found, arg);
	return err;
}
