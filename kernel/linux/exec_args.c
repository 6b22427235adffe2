// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What execve brings in: lists of strings, and #! lines (execve(2), Linux fs/binfmt_script.c).
#include <asm-generic/errno.h>

#include <core/user.h>
#include <fs/vnode.h>
#include <linux/execve.h>

#define FIRST_ROOM 512

char *exec_string(const char *s)
{
	size_t n = strlen(s) + 1;
	char *copy = kmalloc(n);

	if (copy)
		memcpy(copy, s, n);
	return copy;
}

static int grow(struct exec_strings *l, size_t *size, size_t room)
{
	size_t want = *size ? *size * 2 : FIRST_ROOM;
	char *more;

	if (*size >= room)
		return -E2BIG;
	more = krealloc((void *)(uintptr_t)l->bytes, want);
	if (!more)
		return -ENOMEM;
	l->bytes = more;
	*size = want;
	return 0;
}

// One string; the buffer grows until it fits.
static int add(struct exec_strings *l, const char *user, size_t *size, size_t room)
{
	for (;;) {
		char *to = (char *)(uintptr_t)l->bytes + l->len;
		ssize_t n = *size > l->len ? string_from_user(to, user, *size - l->len) :
					     -ENAMETOOLONG;
		int r;

		if (n >= 0) {
			l->len += (size_t)n + 1;
			l->count++;
			return l->len > room || (size_t)n >= EXEC_STRING_MAX ? -E2BIG : 0;
		}
		r = n == -ENAMETOOLONG ? grow(l, size, room) : (int)n;
		if (r)
			return r;
	}
}

int exec_strings(struct exec_strings *out, uint64_t user, size_t room)
{
	size_t size = 0;

	*out = (struct exec_strings){ 0 };
	for (; user; user += sizeof(uint64_t)) {
		uint64_t s;
		int r = copy_from_user(&s, (void *)user, sizeof(s));

		if (r)
			return r;
		if (!s)
			break;
		r = add(out, (const char *)s, &size, room);
		if (r)
			return r;
	}
	return 0;
}

int exec_strings_front(struct exec_strings *list, const char *s, bool replace)
{
	size_t skip = replace && list->count ? strlen(list->bytes) + 1 : 0, n = strlen(s) + 1;
	char *bytes = kmalloc(n + list->len - skip);

	if (!bytes)
		return -ENOMEM;
	memcpy(bytes, s, n);
	memcpy(bytes + n, list->bytes + skip, list->len - skip);
	kfree((void *)(uintptr_t)list->bytes);
	list->bytes = bytes;
	list->len = n + list->len - skip;
	list->count += !skip;
	return 0;
}

static bool blank(char c)
{
	return c == ' ' || c == '\t';
}

// The line behind #!, in place: the interpreter, and what follows it as one argument, or NULL.
// false: there is none, or it is longer than the line.
static bool split(char *line, size_t len, bool whole_file, char **argument)
{
	char *end = memchr(line, '\n', len), *p = line, *name;

	if (!end && !whole_file && !memchr(line, ' ', len) && !memchr(line, '\t', len))
		return false;
	end = end ? end : line + len;
	while (end > line && blank(end[-1]))
		end--;
	*end = 0;
	while (blank(*p))
		p++;
	name = p;
	while (*p && !blank(*p))
		p++;
	*argument = NULL;
	if (*p) {
		*p++ = 0;
		while (blank(*p))
			p++;
		*argument = p;
	}
	memmove(line, name, strlen(name) + 1);
	return *line;
}

int exec_script(struct exec_call *e, char interpreter[EXEC_LINE])
{
	struct iov storage;
	struct iov_iter it;
	char head[EXEC_LINE], *argument;
	ssize_t n;
	int r;

	if (!e->file->ops->read)
		return -EACCES;
	iov_iter_one_kernel(&it, &storage, head, sizeof(head) - 1);
	n = e->file->ops->read(e->file, &it, 0);
	if (n < 0)
		return (int)n;
	if (n < 2 || head[0] != '#' || head[1] != '!')
		return 0;
	head[n] = 0;
	if (!split(head + 2, (size_t)n - 2, n < EXEC_LINE - 1, &argument))
		return -ENOEXEC;
	r = exec_strings_front(&e->args, e->name, true);
	if (!r && argument)
		r = exec_strings_front(&e->args, argument, false);
	if (!r)
		r = exec_strings_front(&e->args, head + 2, false);
	if (r)
		return r;
	memcpy(interpreter, head + 2, strlen(head + 2) + 1);
	kfree(e->name);
	e->name = exec_string(interpreter);
	return e->name ? 1 : -ENOMEM;
}
