// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Formatted text into a buffer: the subset of printf that klib.h names. Unknown conversions are
// printed as they are, so that a mistake shows in the text instead of reading a wrong argument.
#include <core/klib.h>

struct out {
	char *buf;
	size_t size, len; // len counts what did not fit, too
};

struct spec {
	bool left, zero;
	int width, precision; // precision -1: none
	int longs;
};

static void put(struct out *o, char c)
{
	if (o->len + 1 < o->size)
		o->buf[o->len] = c;
	o->len++;
}

static void pad(struct out *o, char c, int n)
{
	while (n-- > 0)
		put(o, c);
}

static void put_padded(struct out *o, const struct spec *s, const char *prefix, const char *text,
		       size_t len)
{
	int fill = s->width - (int)(strlen(prefix) + len);

	if (!s->left && !s->zero)
		pad(o, ' ', fill);
	while (*prefix)
		put(o, *prefix++);
	if (!s->left && s->zero)
		pad(o, '0', fill);
	for (size_t i = 0; i < len; i++)
		put(o, text[i]);
	if (s->left)
		pad(o, ' ', fill);
}

static void put_number(struct out *o, const struct spec *s, uint64_t v, const char *prefix,
		       unsigned base, char letter)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		unsigned d = (unsigned)(v % base);

		digits[--at] = (char)(d < 10 ? '0' + d : letter + (d - 10));
		v /= base;
	} while (v);
	put_padded(o, s, prefix, digits + at, sizeof(digits) - at);
}

static const char *parse_spec(const char *p, struct spec *s, va_list *ap)
{
	*s = (struct spec){ .precision = -1 };
	for (;; p++) {
		if (*p == '-')
			s->left = true;
		else if (*p == '0')
			s->zero = true;
		else
			break;
	}
	if (*p == '*') {
		s->width = va_arg(*ap, int);
		p++;
	}
	for (; *p >= '0' && *p <= '9'; p++)
		s->width = s->width * 10 + (*p - '0');
	if (*p == '.') {
		s->precision = 0;
		if (*++p == '*') {
			s->precision = va_arg(*ap, int);
			p++;
		}
		for (; *p >= '0' && *p <= '9'; p++)
			s->precision = s->precision * 10 + (*p - '0');
	}
	for (; *p == 'l' || *p == 'z'; p++)
		s->longs++;
	return p;
}

static void convert(struct out *o, struct spec *s, char c, va_list *ap)
{
	if (c == 'd' || c == 'i') {
		int64_t v = s->longs ? va_arg(*ap, int64_t) : va_arg(*ap, int);

		put_number(o, s, v < 0 ? -(uint64_t)v : (uint64_t)v, v < 0 ? "-" : "", 10, 'a');
	} else if (c == 'u' || c == 'x' || c == 'X') {
		uint64_t v = s->longs ? va_arg(*ap, uint64_t) : va_arg(*ap, unsigned);

		put_number(o, s, v, "", c == 'u' ? 10 : 16, c == 'X' ? 'A' : 'a');
	} else if (c == 'p') {
		put_number(o, s, (uintptr_t)va_arg(*ap, void *), "0x", 16, 'a');
	} else if (c == 's') {
		const char *text = va_arg(*ap, const char *);

		text = text ? text : "(null)";
		s->zero = false;
		put_padded(o, s, "", text,
			   strnlen(text, s->precision < 0 ? SIZE_MAX : (size_t)s->precision));
	} else if (c == 'c') {
		char ch = (char)va_arg(*ap, int);

		s->zero = false;
		put_padded(o, s, "", &ch, 1);
	} else {
		put(o, '%');
		if (c != '%' && c)
			put(o, c);
	}
}

int kvsnprintf(char *buf, size_t size, const char *fmt, va_list list)
{
	struct out o = { .buf = buf, .size = size };
	struct spec s;
	va_list ap;

	va_copy(ap, list);
	for (const char *p = fmt; *p; p++) {
		if (*p != '%') {
			put(&o, *p);
			continue;
		}
		p = parse_spec(p + 1, &s, &ap);
		convert(&o, &s, *p, &ap);
		if (!*p)
			break;
	}
	va_end(ap);
	if (size)
		buf[MIN(o.len, size - 1)] = 0;
	return (int)o.len;
}

int ksnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = kvsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return n;
}
