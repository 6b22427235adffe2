// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// QEMU's command line. One machine is like the other but for the bus of its devices; every device
// that a guest does not need is left out, because it would only cost time to start and be a way
// into QEMU.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <monitor/qemu/half.h>

#define MMIO_MAX 8 // microvm's places for devices without ACPI

// A device on the machine's bus. On microvm each has the next place, so that the guest can be told
// where it is.
void qemu_add_device(struct qemu_writer *w, const char *type, const char *options)
{
	words_add(w->out, "-device");
	if (w->mmio)
		words_add(w->out, "virtio-%s-device,bus=virtio-mmio-bus.%u%s", type, w->devices,
			  options);
	else
		words_add(w->out, "virtio-%s-pci,disable-legacy=on%s", type, options);
	w->devices++;
}

static void add_machine(struct qemu_writer *w)
{
	static const char *const options[] = {
		// ACPI and the interrupt controller of PCs are a quarter of its start.
		"microvm,acpi=off,rtc=on,auto-kernel-cmdline=off",
		"q35,smm=off,hpet=off,smbus=off,sata=off,vmport=off,usb=off",
		"pc,smm=off,hpet=off,vmport=off,usb=off",
	};
	const struct qemu *q = w->q;

	for (unsigned i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		size_t len = strcspn(options[i], ",");

		if (len != strlen(q->machine) || strncmp(options[i], q->machine, len))
			continue;
		words_add(w->out, "-machine");
		words_add(w->out, "%s", options[i]);
	}
	words_add(w->out, "-accel");
	words_add(w->out, q->kvm ? "kvm" : "tcg");
	// Some hosts that are guests themselves have IA32_ARCH_CAPABILITIES, and do not let it be
	// set; nobody in our guests looks at it.
	words_add(w->out, "-cpu");
	words_add(w->out, q->kvm ? "host,migratable=off,arch-capabilities=off" : "max");
	words_add(w->out, "-m");
	words_add(w->out, "%lluM", (unsigned long long)(q->memory >> 20));
	if (w->mmio) {
		words_add(w->out, "-global");
		words_add(w->out, "virtio-mmio.force-legacy=false");
	}
}

static void add_ground(struct qemu_writer *w)
{
	static const char *const words[] = { "-nodefaults", "-no-user-config", "-no-reboot",
					     "-display", "none" };

	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		words_add(w->out, "%s", words[i]);
	if (!w->q->without_sandbox) {
		words_add(w->out, "-sandbox");
		words_add(w->out, "on,obsolete=deny,elevateprivileges=deny,spawn=deny,"
				  "resourcecontrol=deny");
	}
}

static void add_chardev(struct qemu_writer *w, const char *id, enum qemu_socket which)
{
	words_add(w->out, "-chardev");
	words_add(w->out, "socket,id=%s,fd=%d", id, w->q->its[which]);
}

static void add_port(struct qemu_writer *w, const char *id, const char *name, unsigned nr,
		     enum qemu_socket which)
{
	add_chardev(w, id, which);
	words_add(w->out, "-device");
	words_add(w->out, "virtserialport,chardev=%s,name=%s,nr=%u", id, name, nr);
}

// Of a virtconsole, the first port, QEMU drops what its other end does not take in time; of the
// others the guest has to wait. The dry command has a terminal in place of our sockets, and no
// control port: its status is isa-debug-exit's.
static void add_console(struct qemu_writer *w)
{
	qemu_add_device(w, "serial", ",max_ports=4");
	if (w->dry) {
		words_add(w->out, "-chardev");
		words_add(w->out, "stdio,id=console,mux=on");
		words_add(w->out, "-device");
		words_add(w->out, "virtconsole,chardev=console,nr=0");
	} else {
		add_port(w, "console", PC_PORT_CONSOLE, 1, QEMU_CONSOLE);
		add_port(w, "stderr", PC_PORT_STDERR, 2, QEMU_STDERR);
		add_port(w, "control", PC_PORT_CONTROL, 3, QEMU_CONTROL);
		add_chardev(w, "uart", QEMU_SERIAL);
	}
	words_add(w->out, "-serial");
	words_add(w->out, w->dry ? "chardev:console" : "chardev:uart");
	words_add(w->out, "-device");
	words_add(w->out, "isa-debug-exit,iobase=0x%x,iosize=4", QEMU_DEBUG_EXIT);
	qemu_add_device(w, "rng", "");
}

static int add_kernel(struct qemu_writer *w, struct failure *why)
{
	bool too_long;
	char *append = qemu_append(w->q, w->mmio ? w->devices : 0, &too_long);
	char *path = w->dry ? realpath(w->q->m->cfg->image, NULL) : NULL;

	words_add(w->out, "-kernel");
	if (w->dry)
		words_add(w->out, "%s", path ? path : w->q->m->cfg->image);
	else
		words_add(w->out, "/proc/self/fd/%d", w->q->image_fd);
	words_add(w->out, "-append");
	words_add(w->out, "%s", append ? append : "");
	w->out->failed |= !append;
	free(append);
	free(path);
	if (too_long)
		return failure_set(why, -E2BIG,
				   "arguments, variables and volumes are too long together: all that a "
				   "guest on qemu can be told is 4095 bytes; build them into the image");
	return w->out->failed ? failure_errno(why, -ENOMEM, "QEMU's command line") : 0;
}

int qemu_command(const struct qemu *q, bool dry, struct words *out, struct failure *why)
{
	struct qemu_writer w = { .q = q, .out = out, .dry = dry,
			    .mmio = !strcmp(q->machine, "microvm") };

	words_add(out, "%s", dry ? QEMU_COMMAND : q->command);
	add_machine(&w);
	add_ground(&w);
	add_console(&w);
	qemu_add_network(&w);
	qemu_add_volumes(&w);
	if (w.mmio && w.devices > MMIO_MAX)
		return failure_set(why, -E2BIG,
				   "QEMU's machine microvm has places for %u volumes here; with "
				   "--on qemu:q35 there can be more",
				   MMIO_MAX + q->m->volumes.count - w.devices);
	return add_kernel(&w, why);
}
