// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The format is glibc's sysdeps/generic/dl-cache.h, struct cache_file_new: a header, entries,
// strings. Entries fall by name, as _dl_cache_libcmp() orders names, so that the loader can search
// by halves.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <image/ldcache.h>

#define FLAGS_ELF_LIBC6_X86_64 0x0303 // FLAG_ELF_LIBC6 | FLAG_X8664_LIB64

struct cache_entry {
	int32_t flags;
	uint32_t key, value; // offsets of strings in the file
	uint32_t osversion;
	uint64_t hwcap;
};
_Static_assert(sizeof(struct cache_entry) == 24, "as glibc has it");

struct cache_header {
	char magic[20]; // not ended
	uint32_t entries, strings_len;
	uint8_t flags;  // 2: little-endian
	uint8_t padding[3];
	uint32_t extension_offset, unused[3];
};
_Static_assert(sizeof(struct cache_header) == 48, "as glibc has it");

static const char magic[] = "glibc-ld.so.cache1.1";

// Runs of digits compare as numbers, and come behind everything else; as in glibc's elf/dl-cache.c.
static int compare_names(const char *a, const char *b)
{
	while (*a) {
		if (isdigit((unsigned char)*a) && isdigit((unsigned char)*b)) {
			unsigned long x = strtoul(a, (char **)&a, 10);
			unsigned long y = strtoul(b, (char **)&b, 10);

			if (x != y)
				return x < y ? -1 : 1;
		} else if (isdigit((unsigned char)*a)) {
			return 1;
		} else if (isdigit((unsigned char)*b)) {
			return -1;
		} else if (*a != *b) {
			return (unsigned char)*a - (unsigned char)*b;
		} else {
			a++;
			b++;
		}
	}
	return -(int)(unsigned char)*b;
}

static const char *name_of(const struct library *b)
{
	return strrchr(b->guest, '/') + 1;
}

static int falling(const void *a, const void *b)
{
	return compare_names(name_of(*(struct library *const *)b),
			     name_of(*(struct library *const *)a));
}

static size_t place_in(const struct strings *dirs, const struct library *b)
{
	size_t len = (size_t)(name_of(b) - 1 - b->guest), i = 0;

	while (i < dirs->count &&
	       (strlen(dirs->at[i]) != len || strncmp(dirs->at[i], b->guest, len)))
		i++;
	return i;
}

// The place of a library's folder in the order of the loader, or -1.
static long rank(const struct search *s, const struct library *b)
{
	size_t i = place_in(&s->configured, b), u = place_in(&s->usual, b);

	if (i < s->configured.count)
		return (long)i;
	return u < s->usual.count ? (long)(s->configured.count + u) : -1;
}

static bool is_best(const struct libraries *l, const struct library *b)
{
	long r = rank(l->search, b);

	for (size_t i = 0; i < l->count && r >= 0; i++) {
		long other = rank(l->search, l->at[i]);

		if (other >= 0 && other < r && !strcmp(name_of(l->at[i]), name_of(b)))
			return false;
	}
	return r >= 0;
}

uint8_t *ldcache_make(const struct libraries *l, size_t *len)
{
	const struct library **list = calloc(l->count + 1, sizeof(*list));
	struct cache_header *h;
	struct cache_entry *e;
	uint8_t *out = NULL;
	size_t count = 0, strings = 0, at;

	for (size_t i = 0; list && i < l->count; i++) {
		if (!is_best(l, l->at[i]))
			continue;
		list[count++] = l->at[i];
		strings += strlen(l->at[i]->guest) + 1;
	}
	at = sizeof(*h) + count * sizeof(*e);
	*len = at + strings;
	if (list)
		out = calloc(1, *len);
	if (!out) {
		free(list);
		return NULL;
	}
	qsort(list, count, sizeof(*list), falling);
	h = (struct cache_header *)out;
	e = (struct cache_entry *)(h + 1);
	memcpy(h->magic, magic, sizeof(h->magic));
	h->entries = (uint32_t)count;
	h->strings_len = (uint32_t)strings;
	h->flags = 2;
	for (size_t i = 0; i < count; i++) { // the name is the end of the path
		e[i].flags = FLAGS_ELF_LIBC6_X86_64;
		e[i].value = (uint32_t)at;
		e[i].key = (uint32_t)(at + (size_t)(name_of(list[i]) - list[i]->guest));
		strcpy((char *)out + at, list[i]->guest);
		at += strlen(list[i]->guest) + 1;
	}
	free(list);
	return out;
}
