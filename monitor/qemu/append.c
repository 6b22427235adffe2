// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The guest's command line: what the boot block says on kvm, as words. Words are separated by
// spaces; in quotes anything may stand, with \ before " and \.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <monitor/qemu/half.h>

// Where microvm has its virtio devices (QEMU: include/hw/i386/microvm.h, VIRTIO_MMIO_BASE, and
// hw/i386/microvm.c: the first interrupt without ACPI).
#define MMIO_BASE 0xfeb00000u
#define MMIO_LEN 512u
#define MMIO_IRQ 5u
#define APPEND_MAX 4096 // platform/pc/start: CMDLINE_MAX

static void put(FILE *to, const char *prefix, const char *text)
{
	bool plain = !text[strcspn(text, " \t\n\r\v\f\"\\")] && (*text || *prefix);

	fprintf(to, plain ? " %s" : " \"%s", prefix);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', to);
		fputc(*text, to);
	}
	if (!plain)
		fputc('"', to);
}

static void put_address(FILE *to, const struct load_net *net)
{
	char text[INET_ADDRSTRLEN];

	if (!net->v4_addr) {
		fprintf(to, " ip=%s", net->flags & NET_DHCP ? "dhcp" : "none");
		return;
	}
	fprintf(to, " ip=%s/%d", inet_ntop(AF_INET, &net->v4_addr, text, sizeof(text)),
		__builtin_popcount(net->v4_mask));
	if (net->v4_gateway)
		fprintf(to, ",%s", inet_ntop(AF_INET, &net->v4_gateway, text, sizeof(text)));
}

static void put_network(FILE *to, const struct load_net *net)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	char text[INET6_ADDRSTRLEN];

	static const uint8_t none[16];

	put_address(to, net);
	if (memcmp(net->v6_addr, none, sizeof(none)))
		fprintf(to, " ip6=%s", inet_ntop(AF_INET6, net->v6_addr, text, sizeof(text)));
	for (unsigned i = 0; i < net->dns_count; i++) {
		bool v4 = !memcmp(net->dns[i], mapped, sizeof(mapped));

		fprintf(to, "%s%s", i ? "," : " dns=",
			inet_ntop(v4 ? AF_INET : AF_INET6, net->dns[i] + (v4 ? 12 : 0), text,
				  sizeof(text)));
	}
}

static void put_volumes(FILE *to, const struct qemu *q)
{
	const struct monitor_config *cfg = q->m->cfg;
	char prefix[32], *path;

	for (unsigned i = 0; i < cfg->volume_count; i++) {
		const struct volume_spec *v = &cfg->volumes[i];

		snprintf(prefix, sizeof(prefix), "volume=vol%u:", i);
		if (asprintf(&path, "%s%s", v->guest, v->readonly ? ":ro" : "") < 0)
			return;
		put(to, prefix, path);
		free(path);
	}
}

#define TTYS (BOOT_STDIN_TTY | BOOT_STDOUT_TTY | BOOT_STDERR_TTY)

static void put_flags(FILE *to, const struct qemu *q)
{
	uint32_t flags = q->m->boot_flags;

	if (flags & TTYS)
		fprintf(to, " tty=%s%s%s", flags & BOOT_STDIN_TTY ? "0" : "",
			flags & BOOT_STDOUT_TTY ? "1" : "", flags & BOOT_STDERR_TTY ? "2" : "");
	if (flags & TTYS && q->area.tty_rows)
		fprintf(to, ",%ux%u", q->area.tty_rows, q->area.tty_cols);
	if (flags & BOOT_TRACE)
		fputs(" trace", to);
}

char *qemu_append(const struct qemu *q, unsigned mmio_devices, bool *too_long)
{
	const struct monitor_config *cfg = q->m->cfg;
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	*too_long = false;
	if (!to)
		return NULL;
	fputs("console=hvc0", to);
	if (cfg->name)
		put(to, "hostname=", cfg->name);
	for (load_strings e = cfg->env; e && *e; e++)
		put(to, "env=", *e);
	if (q->m->net != MANIFEST_NET_NONE)
		put_network(to, &q->address);
	put_volumes(to, q);
	put_flags(to, q);
	for (unsigned i = 0; i < mmio_devices; i++)
		fprintf(to, " virtio_mmio.device=%u@0x%x:%u", MMIO_LEN, MMIO_BASE + i * MMIO_LEN,
			MMIO_IRQ + i);
	if (cfg->args)
		fputs(" --", to);
	for (load_strings a = cfg->args; a && *a; a++)
		put(to, "", *a);
	if (!fclose(to) && len < APPEND_MAX)
		return text;
	*too_long = text && len >= APPEND_MAX;
	free(text);
	return NULL;
}
