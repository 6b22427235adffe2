// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <host/options.h>

// Digits only, at most `max`. Gives what follows them, or NULL.
static const char *number(const char *p, uint64_t max, uint64_t *value)
{
	uint64_t v = 0;

	if (!isdigit((unsigned char)*p))
		return NULL;
	for (; isdigit((unsigned char)*p); p++) {
		if (v > (max - (uint64_t)(*p - '0')) / 10)
			return NULL;
		v = v * 10 + (uint64_t)(*p - '0');
	}
	*value = v;
	return p;
}

int option_size(const char *text, uint64_t *bytes, struct failure *why)
{
	static const char units[] = "KMGT";
	const char *unit, *end = number(text, UINT64_MAX / 10, bytes);
	unsigned shift = 0;

	if (end && *end && (unit = strchr(units, toupper((unsigned char)*end)))) {
		shift = 10 * (unsigned)(unit - units + 1);
		end++;
		if (*end == 'B' || !strcmp(end, "iB"))
			end = "";
	}
	if (!end || *end || !*bytes || *bytes > UINT64_MAX >> shift)
		return failure_set(why, -EINVAL, "\"%s\" is no size: say 64M, 1G or the like",
				   text);
	*bytes <<= shift;
	return 0;
}

int option_seconds(const char *text, unsigned *ms, struct failure *why)
{
	uint64_t s = 0, unit = 100;
	const char *end = number(text, 1000000, &s);

	s *= 1000;
	if (end && *end == '.') {
		for (end++; isdigit((unsigned char)*end); end++, unit /= 10)
			s += (uint64_t)(*end - '0') * unit;
	}
	if (!end || *end)
		return failure_set(why, -EINVAL, "\"%s\" is no number of seconds", text);
	*ms = (unsigned)s;
	return 0;
}

int option_port(const char *text, struct option_port *port, struct failure *why)
{
	const char *p = text, *colon = strchr(text, ':'), *last = strrchr(text, ':');
	uint64_t host = 0, guest = 0;
	char addr[INET_ADDRSTRLEN];

	memset(port, 0, sizeof(*port));
	if (colon != last) {
		if ((size_t)(colon - text) >= sizeof(addr))
			goto bad;
		memcpy(addr, text, (size_t)(colon - text));
		addr[colon - text] = 0;
		if (inet_pton(AF_INET, addr, &port->addr) != 1)
			goto bad;
		p = colon + 1;
	}
	p = number(p, 65535, &host);
	if (!p || *p != ':')
		goto bad;
	p = number(p + 1, 65535, &guest);
	if (!p || !host || !guest)
		goto bad;
	port->udp = !strcmp(p, "/udp");
	if (*p && !port->udp && strcmp(p, "/tcp"))
		goto bad;
	port->host = (uint16_t)host;
	port->guest = (uint16_t)guest;
	return 0;
bad:
	return failure_set(
		why, -EINVAL,
		"\"%s\" is no port to publish: say [ADDRESS:]HOST:GUEST, like 8080:80 or "
		"127.0.0.1:5353:53/udp",
		text);
}

// Takes the empty components out. False: it is not absolute, or "." or ".." is in it.
static bool guest_path(char *path)
{
	char *to = path, *part, *rest;

	if (*path != '/')
		return false;
	for (part = strtok_r(path + 1, "/", &rest); part; part = strtok_r(NULL, "/", &rest)) {
		size_t n = strlen(part);

		if (!strcmp(part, ".") || !strcmp(part, ".."))
			return false;
		*to++ = '/';
		memmove(to, part, n);
		to += n;
	}
	*to = 0;
	return true;
}

int option_volume(const char *text, struct option_volume *volume, struct failure *why)
{
	size_t len = strlen(text);
	bool mode = len > 3 && (!strcmp(text + len - 3, ":ro") || !strcmp(text + len - 3, ":rw"));
	const char *guest;

	len -= mode ? 3 : 0;
	guest = memrchr(text, ':', len);
	if (!guest || guest == text)
		return failure_set(why, -EINVAL,
				   "\"%s\" is no volume: say HOST:GUEST or HOST:GUEST:ro, like "
				   "/srv/data:/data", text);
	volume->readonly = mode && text[len + 2] == 'o';
	volume->host = strndup(text, (size_t)(guest - text));
	volume->guest = strndup(guest + 1, (size_t)(text + len - guest - 1));
	if (!volume->host || !volume->guest)
		return failure_errno(why, -ENOMEM, "-v %s", text);
	if (!guest_path(volume->guest))
		return failure_set(why, -EINVAL,
				   "-v %s: the path in the guest must be absolute and without . or "
				   "..", text);
	if (!volume->guest[0])
		return failure_set(why, -EINVAL, "-v %s: a volume cannot be the guest's root",
				   text);
	return 0;
}

int option_signal(const char *text, int *signo, struct failure *why)
{
	const char *name = strncasecmp(text, "SIG", 3) ? text : text + 3;
	uint64_t n = 0;
	const char *end = number(text, 64, &n);

	for (int i = 1; i < 32 && !end; i++) {
		if (sigabbrev_np(i) && !strcasecmp(sigabbrev_np(i), name)) {
			*signo = i;
			return 0;
		}
	}
	if (!end || *end || !n)
		return failure_set(why, -EINVAL,
				   "\"%s\" is no signal: say TERM, INT, HUP, KILL or the like",
				   text);
	*signo = (int)n;
	return 0;
}
