// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// Media types; see mime.h. The names are those of the IANA registry.
#include "mime.h"

#include <string.h>

#include "text.h"

// Suffix, NUL, type, NUL, and so on: half the size of a table of pointers.
static const char types[] =
	"html\0text/html; charset=utf-8\0"
	"htm\0text/html; charset=utf-8\0"
	"css\0text/css; charset=utf-8\0"
	"js\0text/javascript; charset=utf-8\0"
	"mjs\0text/javascript; charset=utf-8\0"
	"json\0application/json\0"
	"map\0application/json\0"
	"webmanifest\0application/manifest+json\0"
	"txt\0text/plain; charset=utf-8\0"
	"md\0text/markdown; charset=utf-8\0"
	"csv\0text/csv; charset=utf-8\0"
	"xml\0application/xml\0"
	"atom\0application/atom+xml\0"
	"svg\0image/svg+xml\0"
	"png\0image/png\0"
	"jpg\0image/jpeg\0"
	"jpeg\0image/jpeg\0"
	"gif\0image/gif\0"
	"webp\0image/webp\0"
	"avif\0image/avif\0"
	"ico\0image/vnd.microsoft.icon\0"
	"woff\0font/woff\0"
	"woff2\0font/woff2\0"
	"ttf\0font/ttf\0"
	"otf\0font/otf\0"
	"pdf\0application/pdf\0"
	"wasm\0application/wasm\0"
	"zip\0application/zip\0"
	"gz\0application/gzip\0"
	"mp3\0audio/mpeg\0"
	"ogg\0audio/ogg\0"
	"mp4\0video/mp4\0"
	"webm\0video/webm\0";

const char *mime_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *dot = strrchr(slash ? slash : path, '.');
	struct slice suffix;

	if (!dot)
		return "application/octet-stream";
	suffix = (struct slice){ dot + 1, strlen(dot + 1) };
	for (const char *t = types; *t; t += strlen(t) + 1) {
		const char *type = t + strlen(t) + 1;

		if (slice_is_nocase(suffix, t))
			return type;
		t = type;
	}
	return "application/octet-stream";
}
