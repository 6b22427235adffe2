// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// The head of a request; see request.h. Strict where leniency has led to smuggling: lines end with
// CRLF, no blank before a colon, no folded lines, no field given twice that may be given once.
#include "request.h"

#include <string.h>

#define METHOD_LEN_MAX 32
// In a line without its end: the method, the target and " HTTP/1.1".
#define LINE_MAX_LEN (METHOD_LEN_MAX + 1 + URI_MAX + 9)

// What decides about the content is looked at when all fields are there.
struct framing {
	struct slice length;
	struct slice coding;
	struct slice expect;
	bool close;
	bool keep_alive;
};

// RFC 9110 5.6.2.
static bool token_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool token(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (!token_char(s.at[i]))
			return false;
	}
	return s.len > 0;
}

// Takes a line, without its CRLF. 1; 0: it is not complete; -400.
static int take_line(struct slice *in, struct slice *line)
{
	const char *lf = memchr(in->at, '\n', in->len);
	size_t n;

	if (!lf)
		return 0;
	n = (size_t)(lf - in->at);
	if (!n || lf[-1] != '\r')
		return -400;
	*line = (struct slice){ in->at, n - 1 };
	*in = (struct slice){ lf + 1, in->len - n - 1 };
	return 1;
}

static enum method method_of(struct slice s)
{
	static const char *const others[] = { "POST",  "PUT",	  "DELETE", "OPTIONS",
					      "TRACE", "CONNECT", "PATCH" };

	if (slice_is(s, "GET"))
		return METHOD_GET;
	if (slice_is(s, "HEAD"))
		return METHOD_HEAD;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (slice_is(s, others[i]))
			return METHOD_OTHER;
	}
	return METHOD_UNKNOWN;
}

// RFC 9112 3.2: a path, or a URI of which the authority is passed over. What goes with a method
// that is refused anyway (the asterisk, a host and port) is not looked at.
static int parse_target(struct slice t, struct request *r)
{
	const char *mark;

	if (t.len > URI_MAX)
		return -414;
	for (size_t i = 0; i < t.len; i++) {
		if (t.at[i] <= ' ' || t.at[i] >= 127 || t.at[i] == '#')
			return -400;
	}
	if (r->method > METHOD_HEAD)
		return t.len ? 0 : -400;
	if (t.len > 7 && slice_is_nocase((struct slice){ t.at, 7 }, "http://")) {
		const char *slash = memchr(t.at + 7, '/', t.len - 7);

		t = slash ? (struct slice){ slash, (size_t)(t.at + t.len - slash) }
			  : (struct slice){ "/", 1 };
	}
	if (!t.len || t.at[0] != '/')
		return -400;
	mark = memchr(t.at, '?', t.len);
	r->path = (struct slice){ t.at, mark ? (size_t)(mark - t.at) : t.len };
	r->query = (struct slice){ t.at + r->path.len, t.len - r->path.len };
	return 0;
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static int parse_version(struct slice v, struct request *r)
{
	if (v.len != 8 || memcmp(v.at, "HTTP/", 5) || !digit(v.at[5]) || v.at[6] != '.' ||
	    !digit(v.at[7]))
		return -400;
	if (v.at[5] != '1')
		return -505;
	r->http10 = v.at[7] == '0';
	return 0;
}

static int parse_request_line(struct slice line, struct request *r)
{
	const char *end = line.at + line.len;
	const char *first = memchr(line.at, ' ', line.len);
	const char *last = first ? memrchr(line.at, ' ', line.len) : NULL;
	struct slice method;
	int e;

	if (!first || first == last)
		return -400;
	method = (struct slice){ line.at, (size_t)(first - line.at) };
	if (!token(method))
		return -400;
	r->method = method_of(method);
	e = parse_version((struct slice){ last + 1, (size_t)(end - last - 1) }, r);
	return e ? e : parse_target((struct slice){ first + 1, (size_t)(last - first - 1) }, r);
}

// A first line that has no end yet: what cannot become a request is refused now.
static int check_unfinished(struct slice in)
{
	size_t n = 0;

	while (n < in.len && n <= METHOD_LEN_MAX && token_char(in.at[n]))
		n++;
	if (n > METHOD_LEN_MAX || (n < in.len && (in.at[n] != ' ' || !n)))
		return -400;
	return in.len > LINE_MAX_LEN ? -414 : 0;
}

static void parse_connection(struct slice list, struct framing *f)
{
	struct slice item;

	while (slice_item(&list, &item)) {
		f->close |= slice_is_nocase(item, "close");
		f->keep_alive |= slice_is_nocase(item, "keep-alive");
	}
}

static bool host_valid(struct slice host)
{
	for (size_t i = 0; i < host.len; i++) {
		if (host.at[i] <= ' ' || host.at[i] >= 127 || strchr("/\\@?#<>\"", host.at[i]))
			return false;
	}
	return true;
}

// Where a field is kept, or NULL for one that does not matter here.
static struct slice *field_place(struct slice name, struct request *r, struct framing *f)
{
	const struct {
		const char *name;
		struct slice *place;
	} known[] = {
		{ "Host", &r->host },
		{ "Content-Length", &f->length },
		{ "Transfer-Encoding", &f->coding },
		{ "Expect", &f->expect },
		{ "Range", &r->range },
		{ "If-Range", &r->if_range },
		{ "If-Match", &r->if_match },
		{ "If-None-Match", &r->if_none_match },
		{ "If-Modified-Since", &r->if_modified_since },
		{ "If-Unmodified-Since", &r->if_unmodified_since },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (slice_is_nocase(name, known[i].name))
			return known[i].place;
	}
	return NULL;
}

static int parse_field(struct slice line, struct request *r, struct framing *f)
{
	const char *colon = memchr(line.at, ':', line.len);
	struct slice name, value, *place;

	if (!colon)
		return -400;
	name = (struct slice){ line.at, (size_t)(colon - line.at) };
	value = slice_trim((struct slice){ colon + 1, line.len - name.len - 1 });
	if (!token(name))
		return -400;
	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.at[i];

		if ((c < ' ' && c != '\t') || c == 127)
			return -400;
	}
	if (slice_is_nocase(name, "Connection"))
		parse_connection(value, f);
	place = field_place(name, r, f);
	if (place && place->at)
		return -400;
	if (place)
		*place = value;
	return 0;
}

// RFC 9112 6.3. Chunked content would have to be decoded to be dropped: 411 asks for a length.
static int frame(struct request *r, const struct framing *f)
{
	struct slice length = f->length;

	r->keep = r->http10 ? f->keep_alive && !f->close : !f->close;
	if ((!r->http10 && !r->host.at) || !host_valid(r->host))
		return -400;
	if (f->coding.at) {
		if (f->length.at || r->http10)
			return -400;
		return slice_is_nocase(f->coding, "chunked") ? -411 : -501;
	}
	if (length.at && (!slice_number(&length, &r->body) || length.len))
		return -400;
	if (r->body > BODY_MAX)
		return -413;
	if (f->expect.at && !r->http10 && !slice_is_nocase(f->expect, "100-continue"))
		return -417;
	r->expects = f->expect.at && !r->http10;
	return 0;
}

static int parse_fields(struct slice *in, struct request *r, struct framing *f)
{
	for (unsigned n = 0;; n++) {
		struct slice line;
		int e = take_line(in, &line);

		if (e <= 0)
			return e;
		if (!line.len)
			return 1;
		if (n == FIELDS_MAX)
			return -431;
		e = parse_field(line, r, f);
		if (e)
			return e;
	}
}

int request_parse(const char *buf, size_t len, struct request *r)
{
	struct slice in = { buf, len }, line;
	struct framing f = { 0 };
	int e;

	*r = (struct request){ 0 };
	// RFC 9112 2.2: empty lines before a request are passed over.
	while (in.len >= 2 && in.at[0] == '\r' && in.at[1] == '\n')
		in = (struct slice){ in.at + 2, in.len - 2 };
	if (!in.len || (in.len == 1 && in.at[0] == '\r'))
		return len >= HEAD_MAX ? -431 : 0;
	e = take_line(&in, &line);
	if (!e)
		return check_unfinished(in);
	if (e > 0)
		e = parse_request_line(line, r);
	if (e < 0)
		return e;
	e = parse_fields(&in, r, &f);
	if (!e)
		return len >= HEAD_MAX ? -431 : 0;
	if (e < 0)
		return e;
	e = frame(r, &f);
	return e ? e : (int)(in.at - buf);
}
