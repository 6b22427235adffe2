// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The part of QEMU's command line that is about networks and volumes.
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <monitor/qemu/half.h>

// "," begins an option of QEMU's; ",," is a comma.
static void put_doubled(char *to, size_t size, const char *text)
{
	size_t n = 0;

	for (; *text && n + 3 < size; text++) {
		to[n++] = *text;
		if (*text == ',')
			to[n++] = ',';
	}
	to[n] = 0;
}

static void add_user_dry(struct qemu_writer *w)
{
	const struct monitor *m = w->q->m;
	char *text = NULL, addr[INET_ADDRSTRLEN];
	size_t len;
	FILE *to = open_memstream(&text, &len);

	for (unsigned i = 0; to && i < m->port_count; i++) {
		const struct monitor_port *p = &m->ports[i];

		inet_ntop(AF_INET, &p->host_addr, addr, sizeof(addr));
		fprintf(to, ",hostfwd=%s:%s:%u-:%u", p->udp ? "udp" : "tcp",
			p->host_addr ? addr : "", p->host, p->guest);
	}
	if (to && !fclose(to))
		words_add(w->out, "user,id=net%s", text);
	else
		w->out->failed = true;
	free(text);
}

void qemu_add_network(struct qemu_writer *w)
{
	const struct qemu *q = w->q;
	const uint8_t *mac = q->address.mac;
	char options[128];

	if (q->m->net == MANIFEST_NET_NONE)
		return;
	words_add(w->out, "-netdev");
	if (q->m->net == MANIFEST_NET_TAP && w->dry)
		words_add(w->out, "tap,id=net,script=no,downscript=no,ifname=%.*s",
			  (int)strcspn(q->m->net_name, ","), q->m->net_name);
	else if (q->m->net == MANIFEST_NET_TAP)
		words_add(w->out, "tap,id=net,fd=%d", netdev_tap_fd(q->net));
	else if (w->dry)
		add_user_dry(w);
	else
		words_add(w->out, "socket,id=net,fd=%d", q->its[QEMU_FRAMES]);
	snprintf(options, sizeof(options),
		 ",netdev=net,mac=%02x:%02x:%02x:%02x:%02x:%02x,host_mtu=%u%s", mac[0], mac[1],
		 mac[2], mac[3], mac[4], mac[5], q->address.mtu, w->mmio ? "" : ",romfile=");
	qemu_add_device(w, "net", options);
}

static void put_path(const struct qemu_writer *w, unsigned i, char *to, size_t size)
{
	if (w->dry)
		put_doubled(to, size, w->q->m->cfg->volumes[i].host);
	else
		snprintf(to, size, "/proc/self/fd/%d", w->q->disk[i].fd);
}

// Of a disk the host's page cache holds what the guest has not flushed; a flush is an fdatasync.
static void add_disk(struct qemu_writer *w, unsigned i, const char *path, const char *read_only)
{
	char options[64];

	words_add(w->out, "-blockdev");
	words_add(w->out, "driver=file,node-name=file%u,read-only=%s,cache.direct=off,"
			  "cache.no-flush=off,discard=unmap,filename=%s", i, read_only, path);
	words_add(w->out, "-blockdev");
	words_add(w->out, "driver=%s,node-name=disk%u,read-only=%s,discard=unmap,file=file%u",
		  w->q->disk[i].format, i, read_only, i);
	snprintf(options, sizeof(options), ",drive=disk%u,serial=vol%u", i, i);
	qemu_add_device(w, "blk", options);
}

// Without security_model=none QEMU would have to be root to give files to others. So it is as on
// kvm: files are of the user that QEMU is.
static void add_folder(struct qemu_writer *w, unsigned i, const char *path, const char *read_only)
{
	char options[64];

	words_add(w->out, "-fsdev");
	words_add(w->out, "local,id=folder%u,security_model=none,multidevs=remap,readonly=%s,"
			  "path=%s", i, read_only, path);
	snprintf(options, sizeof(options), ",fsdev=folder%u,mount_tag=vol%u", i, i);
	qemu_add_device(w, "9p", options);
}

void qemu_add_volumes(struct qemu_writer *w)
{
	const struct monitor *m = w->q->m;
	char path[8200];

	for (unsigned i = 0; i < m->volumes.count; i++) {
		const char *read_only = m->volumes.at[i].readonly ? "on" : "off";

		put_path(w, i, path, sizeof(path));
		if (w->q->disk[i].block)
			add_disk(w, i, path, read_only);
		else
			add_folder(w, i, path, read_only);
	}
}
