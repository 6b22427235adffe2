// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The values of a build, checked one by one as they come in.
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <host/network.h>
#include <image/spec.h>

#define NAME_LETTERS 63
#define ALL_PLATFORMS (IMAGE_F_KVM | IMAGE_F_PROCESS | IMAGE_F_PC)

void spec_init(struct spec *s)
{
	memset(s, 0, sizeof(*s));
	s->platforms = ALL_PLATFORMS;
}

void strings_free(struct strings *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->at[i]);
	free(l->at);
}

void spec_free(struct spec *s)
{
	struct strings *lists[] = { &s->args, &s->env, &s->files, &s->libs, &s->packages, &s->calls };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		strings_free(lists[i]);
	free(s->program);
	free(s->source);
	free(s->tag);
	free(s->cwd);
	free(s->output);
	free(s->name);
	free(s->net_name);
	free(s->ports);
}

int strings_add(struct strings *l, const char *s)
{
	char **more = realloc(l->at, (l->count + 2) * sizeof(*more));

	if (!more)
		return -ENOMEM;
	l->at = more;
	more[l->count] = strdup(s);
	if (!more[l->count])
		return -ENOMEM;
	more[++l->count] = NULL;
	return 0;
}

int spec_name(struct spec *s, const char *text, struct failure *why)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t n = strlen(text);

	if (!n || n > NAME_LETTERS || strspn(text, letters) != n || *text == '.' || *text == '-')
		return failure_set(why, -EINVAL,
				   "\"%s\" is not a name: it has up to %d letters, digits, . _ - "
				   "and begins with a letter or digit",
				   text, NAME_LETTERS);
	free(s->name);
	s->name = strdup(text);
	return s->name ? 0 : failure_errno(why, -ENOMEM, "name %s", text);
}

int spec_size(const char *text, uint64_t *out, struct failure *why)
{
	char *end;
	unsigned long long n = strtoull(text, &end, 10);
	unsigned shift = 0;

	if (*end) {
		static const char units[] = "KMGT";
		const char *u = strchr(units, toupper((unsigned char)*end));

		shift = u ? 10 * (unsigned)(u - units + 1) : 64;
		end++;
		if (*end == 'i')
			end++;
		if (*end == 'B')
			end++;
	}
	if (!isdigit((unsigned char)*text) || *end || shift > 40 || !n || n > (1ull << 44) >> shift)
		return failure_set(why, -EINVAL,
				   "%s is not a size: write it like 4M, 512M or 1G", text);
	*out = n << shift;
	return 0;
}

int spec_memory(struct spec *s, const char *text, struct failure *why)
{
	struct failure ignored;

	if (spec_size(text, &s->memory, &ignored))
		return failure_set(why, -EINVAL,
				   "%s is not an amount of memory: write it like 4M, 512M or 1G",
				   text);
	if (s->memory < 1 << 20)
		return failure_set(why, -EINVAL,
				   "%s is too little memory: no instance runs with less than 1M",
				   text);
	return 0;
}

// NAME[,ip=...]: what follows the name is checked where it is used (monitor/dev/net_tap.c).
static bool tap_name_ok(const char *name)
{
	size_t n = strcspn(name, ",");

	return n && n < IFNAMSIZ && strcspn(name, "/ \t\n") >= n;
}

int spec_network(struct spec *s, const char *text, struct failure *why)
{
	s->net_set = true;
	free(s->net_name);
	s->net_name = NULL;
	if (!strcmp(text, "none")) {
		s->net = MANIFEST_NET_NONE;
	} else if (!strcmp(text, "user")) {
		s->net = MANIFEST_NET_USER;
	} else if (!strncmp(text, "tap:", 4) && tap_name_ok(text + 4)) {
		s->net = MANIFEST_NET_TAP;
		s->net_name = strdup(text + 4);
	} else if (network_name_ok(text)) {
		s->net = MANIFEST_NET_NAMED;
		s->net_name = strdup(text);
	} else {
		return failure_set(why, -EINVAL,
				   "%s is not a network: it is none, user, tap:NAME (at most 15 "
				   "letters), or a name of letters, digits, - and _",
				   text);
	}
	return 0;
}

static bool port_number(const char *text, size_t len, uint16_t *port)
{
	unsigned n = 0;

	for (size_t i = 0; i < len; i++) {
		if (!isdigit((unsigned char)text[i]) || n > 65535)
			return false;
		n = n * 10 + (unsigned)(text[i] - '0');
	}
	*port = (uint16_t)n;
	return len && n > 0 && n <= 65535;
}

int spec_port(struct spec *s, const char *text, struct failure *why)
{
	const char *slash = strchr(text, '/'), *end = slash ? slash : text + strlen(text);
	const char *colon = memchr(text, ':', (size_t)(end - text)),
		   *guest = colon ? colon + 1 : text;
	struct manifest_port p = { .udp = slash && !strcmp(slash, "/udp") }, *more;

	if ((slash && !p.udp && strcmp(slash, "/tcp")) ||
	    !port_number(guest, (size_t)(end - guest), &p.guest) ||
	    (colon && !port_number(text, (size_t)(colon - text), &p.host)))
		return failure_set(why, -EINVAL,
				   "%s is not a port: write it like 80, 8080:80 or 5353:53/udp",
				   text);
	more = realloc(s->ports, (s->port_count + 1) * sizeof(*more));
	if (!more)
		return failure_errno(why, -ENOMEM, "port %s", text);
	s->ports = more;
	s->ports[s->port_count++] = p;
	return 0;
}

int spec_env(struct spec *s, const char *text, struct failure *why)
{
	const char *eq = strchr(text, '=');

	if (!eq || eq == text)
		return failure_set(why, -EINVAL,
				   "%s is not an environment variable: write it like NAME=value",
				   text);
	for (size_t i = 0; i < s->env.count; i++) {
		if (!strncmp(s->env.at[i], text, (size_t)(eq - text) + 1)) {
			char *copy = strdup(text);

			if (!copy)
				return failure_errno(why, -ENOMEM, "variable %s", text);
			free(s->env.at[i]);
			s->env.at[i] = copy;
			return 0;
		}
	}
	return strings_add(&s->env, text) ? failure_errno(why, -ENOMEM, "variable %s", text) : 0;
}

// A guest path must stay where it says: no `..`, no empty name.
static bool guest_path_ok(const char *path)
{
	if (path[0] != '/' || !path[1] || strlen(path) > 4000)
		return false;
	for (const char *p = path; *p; p += strcspn(p, "/")) {
		size_t n = strcspn(++p, "/");

		if (!n || n > 255 || (n == 1 && *p == '.') || (n == 2 && !strncmp(p, "..", 2)))
			return false;
	}
	return true;
}

int spec_file(struct spec *s, const char *text, struct failure *why)
{
	const char *colon = strrchr(text, ':');

	if (!colon || colon == text || !guest_path_ok(colon + 1))
		return failure_set(
			why, -EINVAL,
			"%s is not a file for the image: write it like host/path:/guest/path",
			text);
	return strings_add(&s->files, text) ? failure_errno(why, -ENOMEM, "file %s", text) : 0;
}

// A folder may also become the root itself.
int spec_dir(struct spec *s, const char *text, struct failure *why)
{
	const char *colon = strrchr(text, ':');
	char host[PATH_MAX];
	struct stat st;

	if (!colon || colon == text || (strcmp(colon, ":/") && !guest_path_ok(colon + 1)))
		return failure_set(
			why, -EINVAL,
			"%s is not a folder for the image: write it like host/folder:/guest/folder",
			text);
	snprintf(host, sizeof(host), "%.*s", (int)(colon - text), text);
	if (stat(host, &st))
		return failure_errno(why, -errno, "cannot read the folder %s", host);
	if (!S_ISDIR(st.st_mode))
		return failure_set(why, -ENOTDIR, "%s is not a folder: give it with --file", host);
	return strings_add(&s->files, text) ? failure_errno(why, -ENOMEM, "folder %s", text) : 0;
}

static uint32_t platform_named(const char *name, size_t len)
{
	static const struct {
		const char *name;
		uint32_t flags;
	} known[] = {
		{ "kvm", IMAGE_F_KVM },
		{ "process", IMAGE_F_PROCESS },
		{ "pc", IMAGE_F_PC },
		{ "all", ALL_PLATFORMS },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strlen(known[i].name) == len && !strncmp(known[i].name, name, len))
			return known[i].flags;
	return 0;
}

int spec_platform(struct spec *s, const char *text, struct failure *why)
{
	const char *at = text;

	s->platforms = 0;
	for (;;) {
		size_t len = strcspn(at, ",");
		uint32_t flags = platform_named(at, len);

		if (!flags)
			return failure_set(why, -EINVAL,
					   "%s is not a platform, or several: they are kvm, process, "
					   "pc or all, or some of them like kvm,pc",
					   text);
		s->platforms |= flags;
		if (!at[len])
			return 0;
		at += len + 1;
	}
}
