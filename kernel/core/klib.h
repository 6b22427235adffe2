// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the library OS has instead of a libc: memory and string functions, lists, messages,
// assertions.
#ifndef CORE_KLIB_H
#define CORE_KLIB_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef int64_t ssize_t; // as long: what read and write give

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define ALIGN_UP(x, a) (((x) + (a) - 1) & ~((__typeof__(x))(a) - 1))
#define ALIGN_DOWN(x, a) ((x) & ~((__typeof__(x))(a) - 1))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define container_of(p, type, member) ((type *)((char *)(p) - offsetof(type, member)))

void *memcpy(void *restrict dst, const void *restrict src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);

// Formats %d %i %u %x %X %p %s %c %% with flags 0 and -, width, precision for %s (also *), length
// l, ll, z. Gives the length that the whole would have had; always terminates buf if size > 0.
int ksnprintf(char *buf, size_t size, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
int kvsnprintf(char *buf, size_t size, const char *fmt, va_list ap);

// Messages of the library OS go to the console as stderr, each a line that begins "pith: ".
void klog(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

// The end of the instance for a fault of the library OS itself: message, backtrace, exit status
// 126.
void kpanic(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
void kassert_failed(const char *expr, const char *file, int line) __attribute__((noreturn));
#define kassert(e) ((e) ? (void)0 : kassert_failed(#e, __FILE__, __LINE__))

// Doubly linked circular list with a head of the same type.
struct list {
	struct list *next, *prev;
};
#define LIST_INIT(name) { &(name), &(name) }
static inline void list_init(struct list *l) { l->next = l->prev = l; }
static inline bool list_empty(const struct list *l) { return l->next == l; }
static inline void list_add_between(struct list *n, struct list *prev, struct list *next)
{
	n->next = next;
	n->prev = prev;
	prev->next = n;
	next->prev = n;
}
static inline void list_add(struct list *head, struct list *n)
{
	list_add_between(n, head, head->next);
}
static inline void list_add_tail(struct list *head, struct list *n)
{
	list_add_between(n, head->prev, head);
}
// Takes n out; n is then a list of its own, so that list_del twice does no harm.
static inline void list_del(struct list *n)
{
	n->prev->next = n->next;
	n->next->prev = n->prev;
	list_init(n);
}
#define list_entry(p, type, member) container_of(p, type, member)
#define list_first(head, type, member) list_entry((head)->next, type, member)
#define list_for_each(p, head) for (struct list *p = (head)->next; p != (head); p = p->next)
#define list_for_each_safe(p, head)                                           \
	for (struct list *p = (head)->next, *p##_next = p->next; p != (head); \
	     p = p##_next, p##_next = p->next)

// Random bytes from a ChaCha20 generator seeded by the boot block (core/random.c).
void random_bytes(void *buf, size_t n);
// More of what nobody else knows, at any time (core/random.c). Does no harm if somebody does.
void random_add(const void *bytes, size_t n);
uint64_t random_u64(void);

#endif
