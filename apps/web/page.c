// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Pages; see page.h.
#include "page.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdalign.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "file.h"

#define ENTRIES_MAX 256
#define TAIL 128 // room for what ends a listing

// RFC 9110 15.
static const struct {
	int status;
	const char *reason;
	const char *hint;
} reasons[] = {
	{ 200, "OK", "" },
	{ 206, "Partial Content", "" },
	{ 301, "Moved Permanently", "This is a directory: its address ends with a slash." },
	{ 304, "Not Modified", "" },
	{ 400, "Bad Request", "The request is not valid HTTP." },
	{ 403, "Forbidden", "This may not be read." },
	{ 404, "Not Found", "There is nothing at this address." },
	{ 405, "Method Not Allowed", "Only GET and HEAD are possible here." },
	{ 408, "Request Timeout", "The request did not arrive in time." },
	{ 411, "Length Required", "Content must come with its length." },
	{ 412, "Precondition Failed", "A condition of the request does not hold." },
	{ 413, "Content Too Large", "The request has too much content." },
	{ 414, "URI Too Long", "The address is too long." },
	{ 416, "Range Not Satisfiable", "The file does not have this range." },
	{ 417, "Expectation Failed", "Only 100-continue can be expected." },
	{ 431, "Request Header Fields Too Large", "The request's head is too large." },
	{ 500, "Internal Server Error", "The file could not be read." },
	{ 501, "Not Implemented", "This method or transfer coding is not known." },
	{ 503, "Service Unavailable", "The server is busy: try again soon." },
	{ 505, "HTTP Version Not Supported", "Only HTTP/1.0 and HTTP/1.1 are spoken here." },
};

static size_t reason_index(int status)
{
	size_t i = 0;

	while (i + 1 < sizeof(reasons) / sizeof(reasons[0]) && reasons[i].status != status)
		i++;
	return i;
}

const char *status_reason(int status)
{
	return reasons[reason_index(status)].reason;
}

static void page_head(struct text *t)
{
	text_str(t, "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>");
}

void page_status(struct text *t, int status)
{
	size_t i = reason_index(status);

	page_head(t);
	text_num(t, (uint64_t)status);
	text_str(t, " ");
	text_str(t, reasons[i].reason);
	text_str(t, "</title>\n<h1>");
	text_str(t, reasons[i].reason);
	text_str(t, "</h1>\n<p>");
	text_str(t, reasons[i].hint);
	text_str(t, "</p></html>\n");
}

// What getdents64(2) writes; struct dirent of musl has this layout, opendir() needs malloc.
static_assert(offsetof(struct dirent, d_name) == 19, "struct linux_dirent64");

static unsigned sort_names(char *buf, long len, struct dirent *names[ENTRIES_MAX])
{
	unsigned n = 0;

	for (long at = 0; at < len && n < ENTRIES_MAX;) {
		struct dirent *d = (struct dirent *)(buf + at);
		unsigned i;

		at += d->d_reclen;
		if (d->d_name[0] == '.')
			continue;
		for (i = n++; i && strcmp(names[i - 1]->d_name, d->d_name) > 0; i--)
			names[i] = names[i - 1];
		names[i] = d;
	}
	return n;
}

static void entry(struct text *t, const struct dirent *d)
{
	const char *slash = d->d_type == DT_DIR ? "/" : "";

	// "./": a name with a colon would look like a URI with a scheme.
	text_str(t, "<li><a href=\"./");
	text_uri(t, d->d_name);
	text_str(t, slash);
	text_str(t, "\">");
	text_html(t, d->d_name);
	text_str(t, slash);
	text_str(t, "</a>\n");
}

int page_listing(struct text *t, const char *path)
{
	static alignas(struct dirent) char buf[8192];
	struct dirent *names[ENTRIES_MAX];
	int fd = openat(files_root(), *path ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long len = fd < 0 ? -1 : syscall(SYS_getdents64, fd, buf, sizeof(buf));
	int e = len < 0 ? -errno : 0;
	unsigned n, i;

	if (fd >= 0)
		close(fd);
	if (e)
		return e;
	n = sort_names(buf, len, names);
	page_head(t);
	text_str(t, "/");
	text_html(t, path);
	text_str(t, "</title>\n<h1>/");
	text_html(t, path);
	text_str(t, "</h1>\n<ul>\n");
	if (*path)
		text_str(t, "<li><a href=\"../\">../</a>\n");
	for (i = 0; i < n; i++) {
		size_t before = t->len;

		entry(t, names[i]);
		if (t->len + TAIL > t->cap) {
			t->len = before;
			t->cut = false;
			break;
		}
	}
	if (i < n || n == ENTRIES_MAX)
		text_str(t, "<li>and more\n");
	text_str(t, "</ul></html>\n");
	return 0;
}
