// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The command line: words with spaces between; a word or a part of it may be in double quotes, and a
// backslash before a quote of either kind or a backslash makes it an ordinary letter, which is how
// GRUB writes them (grub_create_loader_cmdline). docs/platform.md lists the words.
#include <platform/pc/start/start.h>

#define MEMORY_BITS 36 // of addresses that every processor has

// Takes the next word out of *at, without its quotes, in place. NULL: there is none.
static char *next_word(char **at)
{
	char *p = *at, *word, *to;
	bool quoted = false;

	while (*p == ' ' || *p == '\t' || *p == '\n')
		p++;
	if (!*p)
		return NULL;
	for (word = to = p; *p && (quoted || (*p != ' ' && *p != '\t' && *p != '\n')); p++) {
		if (*p == '"') {
			quoted = !quoted;
			continue;
		}
		if (*p == '\\' && (p[1] == '"' || p[1] == '\'' || p[1] == '\\'))
			p++;
		*to++ = *p;
	}
	*at = *p ? p + 1 : p;
	*to = 0;
	return word;
}

// What follows `name` in the word, or NULL.
static const char *value_of(const char *word, const char *name)
{
	while (*name && *word == *name) {
		word++;
		name++;
	}
	return *name ? NULL : word;
}

static bool is(const char *a, const char *b)
{
	const char *rest = value_of(a, b);

	return rest && !*rest;
}

static unsigned digit(char c) // 16: it is none
{
	return c >= '0' && c <= '9'		     ? (unsigned)(c - '0')
	       : (c | 32) >= 'a' && (c | 32) <= 'f' ? (unsigned)((c | 32) - 'a' + 10)
						     : 16;
}

// A number, decimal or with 0x, UINT64_MAX if it is too large; *end is behind it.
static uint64_t number(const char *p, const char **end)
{
	uint64_t v = 0, base = 10;

	if (p[0] == '0' && p[1] == 'x') {
		base = 16;
		p += 2;
	}
	for (;; p++) {
		unsigned d = digit(*p);

		if (d >= base)
			break;
		v = v >> 59 ? UINT64_MAX : v * base + d;
	}
	*end = p;
	return v;
}

static bool ipv4(const char **p, uint32_t *addr)
{
	uint8_t *bytes = (uint8_t *)addr;

	for (int i = 0; i < 4; i++) {
		const char *from = *p;
		uint64_t v = number(from, p);

		if (*p == from || v > 255 || (i < 3 && *(*p)++ != '.'))
			return false;
		bytes[i] = (uint8_t)v;
	}
	return true;
}

// An address in a /64, as text (RFC 4291, 2.2, but for IPv4 at its end).
static bool set_ip6(struct words *w, const char *p)
{
	uint8_t a[16];
	unsigned n = 0, gap = 16; // bytes: so far, and in front of "::"

	if (p[0] == ':' && p[1] == ':') {
		gap = 0;
		p += 2;
	}
	while (*p) {
		const char *from = p;
		unsigned v = 0;

		for (unsigned d; (d = digit(*p)) < 16; p++)
			v = v << 4 | d;
		if (p == from || p > from + 4 || n == 16)
			return false;
		a[n++] = (uint8_t)(v >> 8);
		a[n++] = (uint8_t)v;
		if (!*p)
			break;
		if (*p++ != ':' || !*p)
			return false;
		if (*p == ':') {
			if (gap < 16 || n == 16)
				return false;
			gap = n;
			p++;
		}
	}
	if (gap < 16 ? n == 16 : n < 16)
		return false;
	__builtin_memset(w->net.v6_addr, 0, sizeof(w->net.v6_addr));
	for (unsigned i = 0; i < n; i++)
		w->net.v6_addr[i < gap ? i : 16 - n + i] = a[i];
	return true;
}

static bool set_ip(struct words *w, const char *p)
{
	struct load_net net = w->net;
	uint64_t bits;

	if (is(p, "none")) {
		w->no_net = true;
		return true;
	}
	if (is(p, "dhcp"))
		return true;
	if (!ipv4(&p, &net.v4_addr) || *p++ != '/')
		return false;
	bits = number(p, &p);
	if (bits < 1 || bits > 32)
		return false;
	net.v4_mask = __builtin_bswap32(0xffffffffu << (32 - bits));
	net.flags &= ~(uint32_t)NET_DHCP;
	if (*p == ',') {
		p++;
		if (!ipv4(&p, &net.v4_gateway))
			return false;
	}
	if (*p)
		return false;
	w->net = net;
	return true;
}

// As v4-mapped addresses.
static bool set_dns(struct words *w, const char *p)
{
	do {
		uint8_t *to = w->net.dns[w->net.dns_count];
		uint32_t addr;

		if (w->net.dns_count == 3 || !ipv4(&p, &addr))
			return false;
		to[10] = to[11] = 0xff;
		__builtin_memcpy(to + 12, &addr, sizeof(addr));
		w->net.dns_count++;
	} while (*p++ == ',');
	return !p[-1];
}

// NAME:/path[:ro]
static bool set_volume(struct words *w, char *p)
{
	unsigned i = w->volume_count, n = 0;
	const char *at;

	if (i == PC_VOLUMES_MAX)
		return false;
	for (; *p && *p != ':' && n < sizeof(w->volume[i].name) - 1; p++)
		w->volume[i].name[n++] = *p;
	w->volume[i].name[n] = 0;
	if (!n || *p++ != ':' || *p != '/')
		return false;
	at = p;
	while (*p && *p != ':')
		p++;
	if (*p) {
		if (!is(p, ":ro"))
			return false;
		w->readonly_volumes |= 1u << i;
		*p = 0;
	}
	w->volume_at[w->volume_count++] = at;
	return true;
}

// Which streams are terminals, then ",ROWSxCOLUMNS" if it is known.
static bool set_tty(struct words *w, const char *p)
{
	for (; *p && *p != ','; p++) {
		if (*p < '0' || *p > '2')
			return false;
		w->flags |= (uint32_t)BOOT_STDIN_TTY << (*p - '0');
	}
	if (!*p++)
		return true;
	w->tty_rows = (uint16_t)number(p, &p);
	if (*p++ != 'x')
		return false;
	w->tty_cols = (uint16_t)number(p, &p);
	return !*p;
}

// SIZE@ADDRESS:IRQ[:ID], as Linux has it (Documentation/admin-guide/kernel-parameters.txt).
static bool set_mmio(struct words *w, const char *p)
{
	unsigned i = w->mmio_count;

	if (i == PC_DEVICES_MAX)
		return false;
	number(p, &p);
	if (*p == 'K')
		p++;
	if (*p++ != '@')
		return false;
	w->mmio[i].at = number(p, &p);
	if (w->mmio[i].at >> MEMORY_BITS || *p++ != ':')
		return false;
	w->mmio[i].irq = (uint32_t)number(p, &p);
	w->mmio_count++;
	return true;
}

// NAME=VALUE
static bool add_env(struct words *w, const char *p)
{
	const char *name = p;

	while (*p && *p != '=')
		p++;
	if (p == name || !*p || w->env_count == WORDS_MAX)
		return false;
	w->env[w->env_count++] = name;
	return true;
}

static bool set_console(struct words *w, const char *p)
{
	w->uart_console = value_of(p, "ttyS0");
	return w->uart_console || value_of(p, "hvc0") || value_of(p, "tty");
}

// What Linux guests are given by hypervisors and boot loaders means nothing here, and is no mistake.
static bool for_linux(const char *word)
{
	static const char words[] =
		"root\0rootfstype\0rootflags\0ro\0rw\0quiet\0debug\0loglevel\0reboot\0panic\0pci\0"
		"nomodule\0nomodules\0i8042.\0008250.\0earlyprintk\0earlycon\0random.\0tsc\0"
		"no_timer_check\0noreplace-smp\0init\0BOOT_IMAGE\0net.\0systemd.\0nokaslr\0acpi\0swiotlb\0";

	for (const char *p = words; *p;) {
		const char *rest = value_of(word, p);

		if (rest && (!*rest || *rest == '=' || rest[-1] == '.'))
			return true;
		while (*p++)
			;
	}
	return false;
}

static bool take(struct words *w, char *word)
{
	const char *v;

	if ((v = value_of(word, "hostname=")))
		return (w->hostname = v);
	if ((v = value_of(word, "env=")))
		return add_env(w, v);
	if ((v = value_of(word, "ip=")))
		return set_ip(w, v);
	if ((v = value_of(word, "ip6=")))
		return set_ip6(w, v);
	if ((v = value_of(word, "dns=")))
		return set_dns(w, v);
	if ((v = value_of(word, "volume=")))
		return set_volume(w, (char *)v);
	if ((v = value_of(word, "console=")))
		return set_console(w, v);
	if ((v = value_of(word, "tty=")))
		return set_tty(w, v);
	if ((v = value_of(word, "virtio_mmio.device=")))
		return set_mmio(w, v);
	if (is(word, "trace"))
		return (w->flags |= BOOT_TRACE);
	return for_linux(word);
}

void words_read(struct start *s, const char *text, size_t room)
{
	struct words *w = &s->words;
	char *at = w->text, *word;
	size_t n = 0;

	for (; n < room && text[n] && n < CMDLINE_MAX; n++)
		w->text[n] = text[n];
	if (n == CMDLINE_MAX)
		start_fail(s, "the command line has more than 4095 bytes", "");
	w->net.flags = NET_DHCP | NET_V6_AUTO;
	w->net.mtu = 1500;
	while ((word = next_word(&at))) {
		if (w->args_given) {
			if (w->arg_count == WORDS_MAX)
				start_fail(s, "more than 128 arguments on the command line", "");
			w->args[w->arg_count++] = word;
		} else if (is(word, "--")) {
			w->args_given = true;
		} else if (!take(w, word)) {
			start_note(s, "this word of the command line is not understood: ", word);
		}
	}
}
