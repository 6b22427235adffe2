// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Answers; see respond.h.
#include "respond.h"

#include <errno.h>
#include <string.h>

#include "clock.h"
#include "condition.h"
#include "page.h"
#include "path.h"
#include "pool.h"
#include "stats.h"

static bool listings;

void answer_listings(bool allowed)
{
	listings = allowed;
}

static void begin(struct answer *a, int status)
{
	text_str(a->out, "HTTP/1.1 ");
	text_num(a->out, (uint64_t)status);
	text_str(a->out, " ");
	text_str(a->out, status_reason(status));
	text_str(a->out, "\r\nDate: ");
	text_mem(a->out, now.date, DATE_LEN);
	text_str(a->out, "\r\n");
	stats.answers[status / 100]++;
}

static void field(struct answer *a, const char *name, const char *value)
{
	text_str(a->out, name);
	text_str(a->out, value);
	text_str(a->out, "\r\n");
}

static void end(struct answer *a, const struct request *r)
{
	if (a->close)
		field(a, "Connection: close", "");
	else if (r && r->http10)
		field(a, "Connection: keep-alive", "");
	text_str(a->out, "\r\n");
}

static void length(struct answer *a, uint64_t n)
{
	text_str(a->out, "Content-Length: ");
	text_num(a->out, n);
	text_str(a->out, "\r\n");
}

// The rest of a head, and a page that was made for it. r is NULL if there was no valid request.
static void body(struct answer *a, const struct request *r, const char *type,
		 const struct text *page)
{
	field(a, "Content-Type: ", type);
	length(a, page->len);
	end(a, r);
	if (!r || r->method != METHOD_HEAD)
		text_mem(a->out, page->at, page->len);
}

static void fail(struct answer *a, const struct request *r, int status)
{
	char buf[512];
	struct text page = { buf, sizeof(buf), 0, false };

	begin(a, status);
	if (status == 405)
		field(a, "Allow: ", "GET, HEAD");
	if (status == 503)
		field(a, "Retry-After: ", "1");
	page_status(&page, status);
	body(a, r, "text/html; charset=utf-8", &page);
}

void answer_error(int status, struct answer *a)
{
	a->close = true;
	fail(a, NULL, status);
}

static int status_of(int error)
{
	switch (-error) {
	case ENOENT:
	case ENOTDIR:
	case ENAMETOOLONG:
	case ELOOP:
		return 404;
	case EACCES:
	case EPERM:
		return 403;
	case EMFILE:
	case ENFILE:
	case ENOMEM:
		return 503;
	default:
		return 500;
	}
}

// The address is made from the name, not from the request: "//host" would lead elsewhere.
static void redirect(struct answer *a, const struct request *r, const char *path)
{
	char buf[512];
	struct text page = { buf, sizeof(buf), 0, false };

	begin(a, 301);
	text_str(a->out, "Location: /");
	text_uri(a->out, path);
	text_str(a->out, "/");
	text_mem(a->out, r->query.at, r->query.len);
	text_str(a->out, "\r\n");
	page_status(&page, 301);
	body(a, r, "text/html; charset=utf-8", &page);
}

static void validator_fields(struct answer *a, const struct validators *v)
{
	char date[DATE_LEN];

	text_str(a->out, "ETag: ");
	text_mem(a->out, v->etag.at, v->etag.len);
	date_format(date, v->modified);
	text_str(a->out, "\r\nLast-Modified: ");
	text_mem(a->out, date, DATE_LEN);
	text_str(a->out, "\r\n");
}

static void content_range(struct text *t, const struct range *range, uint64_t size)
{
	text_str(t, "Content-Range: bytes ");
	text_num(t, range->first);
	text_str(t, "-");
	text_num(t, range->first + range->len - 1);
	text_str(t, "/");
	text_num(t, size);
	text_str(t, "\r\n");
}

// Content that is kept is copied, so that it leaves in one call with the head.
static void attach(struct answer *a, struct file *f, uint64_t first, uint64_t len)
{
	if (f->content && len <= a->out->cap - a->out->len) {
		text_mem(a->out, f->content + first, len);
		return;
	}
	if (!a->file)
		f->refs++;
	a->file = f;
	a->offset = first;
	a->left = len;
}

static void part_head(struct text *t, const struct parts *p, const struct file *f, unsigned i)
{
	text_str(t, "\r\n--");
	text_hex(t, p->boundary);
	if (i == p->count) {
		text_str(t, "--\r\n");
		return;
	}
	text_str(t, "\r\nContent-Type: ");
	text_str(t, f->type);
	text_str(t, "\r\n");
	content_range(t, &p->range[i], f->size);
	text_str(t, "\r\n");
}

static uint64_t parts_length(const struct parts *p, const struct file *f)
{
	char buf[512];
	uint64_t sum = 0;

	for (unsigned i = 0; i <= p->count; i++) {
		struct text t = { buf, sizeof(buf), 0, false };

		part_head(&t, p, f, i);
		sum += t.len + (i < p->count ? p->range[i].len : 0);
	}
	return sum;
}

bool answer_next_part(struct answer *a)
{
	struct parts *p = a->parts;

	if (!p || p->next > p->count)
		return false;
	part_head(a->out, p, a->file, p->next);
	if (p->next < p->count) {
		a->offset = p->range[p->next].first;
		a->left = p->range[p->next].len;
	}
	p->next++;
	return true;
}

void answer_end(struct answer *a)
{
	if (a->parts)
		pool_put(a->parts, sizeof(*a->parts));
	if (a->file)
		file_put(a->file);
	a->parts = NULL;
	a->file = NULL;
}

// The boundary cannot be guessed by who made the file, so it is not in it but by chance.
static uint64_t new_boundary(void)
{
	static uint64_t state;

	state += (uint64_t)now.ms * 0x9e3779b97f4a7c15 + (uintptr_t)&state + 1;
	return (state ^ state >> 31) * 0xbf58476d1ce4e5b9;
}

static void send_parts(struct answer *a, const struct request *r, struct file *f,
		       const struct range *ranges, unsigned count, const struct validators *v)
{
	struct parts *p = pool_get(sizeof(*p));

	if (!p) {
		fail(a, r, 503);
		return;
	}
	*p = (struct parts){ .count = count, .boundary = new_boundary() };
	memcpy(p->range, ranges, count * sizeof(*ranges));
	begin(a, 206);
	validator_fields(a, v);
	text_str(a->out, "Content-Type: multipart/byteranges; boundary=");
	text_hex(a->out, p->boundary);
	text_str(a->out, "\r\n");
	length(a, parts_length(p, f));
	end(a, r);
	f->refs++;
	a->file = f;
	a->parts = p;
}

static void refuse_range(struct answer *a, const struct request *r, const struct file *f)
{
	char buf[512];
	struct text page = { buf, sizeof(buf), 0, false };

	begin(a, 416);
	text_str(a->out, "Content-Range: bytes */");
	text_num(a->out, f->size);
	text_str(a->out, "\r\n");
	page_status(&page, 416);
	body(a, r, "text/html; charset=utf-8", &page);
}

static void send_file(struct answer *a, const struct request *r, struct file *f,
		      const struct range *range, const struct validators *v)
{
	struct range whole = { 0, f->size };

	begin(a, range ? 206 : 200);
	validator_fields(a, v);
	field(a, "Accept-Ranges: bytes", "");
	field(a, "Content-Type: ", f->type);
	if (range)
		content_range(a->out, range, f->size);
	range = range ? range : &whole;
	length(a, range->len);
	end(a, r);
	if (r->method != METHOD_HEAD && range->len)
		attach(a, f, range->first, range->len);
}

static void answer_file(struct answer *a, const struct request *r, struct file *f)
{
	// RFC 9110 8.8.2.1: not a time to come.
	const struct validators v = { { f->etag, f->etag_len },
				      f->modified < now.wall ? f->modified : now.wall,
				      now.wall };
	struct range ranges[RANGES_MAX];
	bool use_ranges;
	int status = condition_check(r, &v, &use_ranges);
	int n = use_ranges ? range_parse(r->range, f->size, ranges) : 0;

	if (status == 304) {
		begin(a, 304);
		validator_fields(a, &v);
		end(a, r);
	} else if (status == 412) {
		fail(a, r, 412);
	} else if (n < 0) {
		refuse_range(a, r, f);
	} else if (n > 1) {
		send_parts(a, r, f, ranges, (unsigned)n, &v);
	} else {
		send_file(a, r, f, n ? ranges : NULL, &v);
	}
}

static void answer_listing(struct answer *a, const struct request *r, const char *path)
{
	static char buf[CONTENT_MAX];
	struct text page = { buf, sizeof(buf), 0, false };
	int e = page_listing(&page, path);

	if (e || !listings) {
		fail(a, r, e ? status_of(e) : 403);
		return;
	}
	begin(a, 200);
	body(a, r, "text/html; charset=utf-8", &page);
}

static void answer_stats(struct answer *a, const struct request *r)
{
	char buf[768];
	struct text page = { buf, sizeof(buf), 0, false };

	stats_page(&page);
	begin(a, 200);
	field(a, "Cache-Control: ", "no-store");
	body(a, r, "application/json", &page);
}

static const char index_name[] = "index.html";

static void answer_path(struct answer *a, const struct request *r)
{
	char path[URI_MAX + sizeof(index_name)];
	int len = path_resolve(r->path, path, URI_MAX);
	struct file *f;
	bool dir;
	int e;

	if (len < 0) {
		fail(a, r, -len);
		return;
	}
	if (!strcmp(path, "stats")) {
		answer_stats(a, r);
		return;
	}
	dir = !len || path[len - 1] == '/';
	if (dir)
		memcpy(path + len, index_name, sizeof(index_name));
	e = file_get(path, &f);
	if (!e) {
		answer_file(a, r, f);
		file_put(f);
		return;
	}
	path[len] = '\0';
	if (dir && (e == -ENOENT || e == -EISDIR))
		answer_listing(a, r, path);
	else if (e == -EISDIR)
		redirect(a, r, path);
	else
		fail(a, r, status_of(e));
}

void answer_request(const struct request *r, struct answer *a)
{
	stats.requests++;
	if (r->method == METHOD_OTHER)
		fail(a, r, 405);
	else if (r->method == METHOD_UNKNOWN)
		fail(a, r, 501);
	else
		answer_path(a, r);
}
