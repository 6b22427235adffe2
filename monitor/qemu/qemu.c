// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// `pith run --on qemu`: from the options to the status. The image boots by itself (platform/pc);
// the host's part is to start QEMU and to be what the monitor is on kvm for everything outside of
// the machine.
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <host/state.h>
#include <monitor/qemu/half.h>
#include <monitor/sandbox.h>

#define MIB (1ull << 20)
#define PC_LOW (2 * MIB)    // below the image: firmware and the start-up code's own
#define PC_SPARE (2 * MIB)  // memory for devices, ACPI's tables, rounding

// The machine has what the instance may have and, beside it, the image: QEMU puts the file there,
// and a packed one is unpacked behind it.
static uint64_t machine_memory(const struct monitor *m)
{
	uint64_t image = m->image.file_len;

	if (m->image.len != m->image.file_len)
		image += m->image.len;
	return (m->memory + image + PC_LOW + PC_SPARE + MIB - 1) & ~(MIB - 1);
}

// The rings are between the sockets to QEMU and the network that is served here.
static int attach(struct qemu *q, struct failure *why)
{
	struct load_ring rx, tx;
	int err;

	streams_open(&q->streams, q->mine[QEMU_CONSOLE], q->mine[QEMU_STDERR],
		     q->mine[QEMU_SERIAL]);
	if (!monitor_net_sockets(q->m))
		return 0;
	err = frames_open(&q->frames, q->mine[QEMU_FRAMES], &rx, &tx);
	if (err)
		return failure_errno(why, err, "the network");
	q->frames.checksums = q->m->net == MANIFEST_NET_NAMED; // monitor/dev/net_named.c
	netdev_attach(q->net, &rx, &tx);
	return 0;
}

static int lock_in(struct qemu *q, struct failure *why)
{
	const struct monitor_config *cfg = q->m->cfg;
	struct sandbox s = {
		.dir_fd = cfg->dir_fd, .all_fd = cfg->all_fd,
		.sockets = monitor_net_sockets(q->m), .child = q->child,
	};
	int err = sandbox_drop_root(&q->m->volumes, why);

	netdev_folders(q->net, &s.net_dir_fd, &s.net_all_fd);
	// Volumes are QEMU's to open. But who owns them must stay who he is, to end QEMU.
	if (!geteuid())
		s.volumes = &q->m->volumes;
	return err ? err : sandbox_enter(&s, why);
}

// How it ended, as monitor_run() gives it. Without PC_EXIT there is isa-debug-exit, by which QEMU
// ends with value << 1 | 1.
static int verdict(struct qemu *q, int *status, struct failure *why)
{
	int code = WIFEXITED(q->child_status) ? WEXITSTATUS(q->child_status) : -1;

	*status = 126;
	if (q->killed) {
		*status = 128 + SIGINT;
	} else if (q->door.exited) {
		*status = q->door.status;
	} else if (code < 0) {
		failure_set(why, 0, "QEMU was ended by signal %d (%s)", WTERMSIG(q->child_status),
			    strsignal(WTERMSIG(q->child_status)));
	} else if (code == 0) {
		failure_set(why, 0, "the machine was reset or switched off without a status");
	} else if (code > 1 && code & 1) {
		*status = code >> 1;
	} else if (code == 1 && !q->report_len) {
		*status = 0;
	} else {
		failure_set(why, 0, "QEMU ended with status %d: %s", code, qemu_report(q));
	}
	if (q->door.broken && !why->text[0])
		failure_set(why, 0, "the guest broke the rules of its control port");
	return 0;
}

static void clean_up(struct qemu *q)
{
	if (q->child) {
		kill(q->child, SIGKILL);
		waitpid(q->child, NULL, 0);
	}
	qemu_close_sockets(q);
	frames_close(&q->frames);
	netdev_close(q->net);
	if (q->signal_fd >= 0)
		close(q->signal_fd);
	if (q->image_fd >= 0)
		close(q->image_fd);
	q->m->loaded.area = NULL;
	free(q);
}

static int print(struct qemu *q, struct failure *why)
{
	const struct netdev_config net = { .kind = q->m->net, .tap = q->m->net_name,
					   .hostname = q->m->cfg->name };
	struct words command = { NULL, 0, 0, false };
	int err = netdev_describe(&net, &q->address, why);
	char *text = NULL;

	if (!err && q->m->net == MANIFEST_NET_NAMED)
		err = failure_set(why, -ENOTSUP,
				  "a named network is served by pith itself: --dry-run works with "
				  "--net user, none and tap:NAME");
	if (!err)
		err = qemu_command(q, true, &command, why);
	if (!err && !(text = words_shell(&command)))
		err = failure_errno(why, -ENOMEM, "QEMU's command line");
	if (!err)
		q->m->cfg->command(q->m->cfg->arg, text);
	free(text);
	words_free(&command);
	return err;
}

static int run(struct qemu *q, int *status, struct failure *why)
{
	int err = qemu_open_image(q, why);

	if (!err)
		err = monitor_open_network(q->m, &q->net, &q->address, why);
	q->signal_fd = err ? -1 : signals_open(true);
	if (!err && q->signal_fd < 0)
		err = failure_errno(why, q->signal_fd, "cannot take signals");
	if (!err)
		signals_window_size(q->m);
	q->window_told = q->area.tty_rows << 16 | (q->area.tty_cols & 0xffff);
	if (!err)
		err = qemu_launch(q, why);
	if (!err)
		err = attach(q, why);
	if (!err)
		err = monitor_started(q->m, why);
	if (!err)
		err = lock_in(q, why);
	if (err)
		return err;
	qemu_serve(q);
	return verdict(q, status, why);
}

int qemu_run(struct monitor *m, int *status, struct failure *why)
{
	struct qemu *q = calloc(1, sizeof(*q));
	int err;

	if (!q)
		return failure_errno(why, -ENOMEM, "%s", m->image.path);
	q->m = m;
	q->machine = m->cfg->machine ? m->cfg->machine : "microvm";
	q->memory = machine_memory(m);
	q->image_fd = q->signal_fd = q->report_fd = q->its_report = q->frames.fd = -1;
	for (int i = 0; i < QEMU_SOCKETS; i++)
		q->mine[i] = q->its[i] = -1;
	m->loaded.area = &q->area;
	m->crossings_unknown = true;
	m->net_small = true;
	err = qemu_disks_open(q, why);
	if (!err)
		err = qemu_find(q, why);
	if (!err && m->cfg->command) {
		*status = 0;
		err = print(q, why);
	} else if (!err) {
		err = run(q, status, why);
	}
	clean_up(q);
	return err;
}
