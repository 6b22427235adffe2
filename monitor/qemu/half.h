// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The host half of the pc platform, as `pith run --on qemu` has it: QEMU is a child of this process
// with sockets to it in place of a terminal and a network. What its files share.
//
// Nobody trusts anybody: the guest is behind QEMU's walls, QEMU is behind those that the child puts
// up (child.c), and what comes through the sockets may be from either, so it is checked once, where
// it comes in: messages in door.c, frames in frames.c. The rest is output, which is not looked at.
#ifndef MONITOR_QEMU_HALF_H
#define MONITOR_QEMU_HALF_H

#include <net/if.h>
#include <poll.h>
#include <sys/types.h>

#include <monitor/dev/netdev.h>
#include <monitor/monitor.h>
#include <monitor/qemu/door.h>
#include <monitor/qemu/frames.h>
#include <monitor/qemu/streams.h>

#define QEMU_COMMAND "qemu-system-x86_64"
#define QEMU_PACKAGE "qemu-system-x86"
#define QEMU_DEBUG_EXIT 0xf4 // the I/O port of isa-debug-exit, as QEMU's own documentation has it

// Our ends of the sockets, and QEMU's.
enum qemu_socket {
	QEMU_CONSOLE, // standard input and output
	QEMU_STDERR,
	QEMU_CONTROL,
	QEMU_SERIAL,  // the UART: what the guest says before it has found its console
	QEMU_FRAMES,  // datagrams
	QEMU_SOCKETS
};

struct qemu_disk {
	bool block;         // a disk; else a directory by 9p
	const char *format; // of a disk: "raw" or "qcow2"
	int fd;             // for QEMU, which opens it again by way of /proc/self/fd
};

struct qemu {
	struct monitor *m;
	const char *machine;     // microvm, q35 or pc
	char command[4096];      // QEMU's path
	bool kvm;                // else TCG
	bool kvm_own;            // /dev/kvm is for root only: QEMU gets one of its own
	uint64_t memory;         // the machine's
	int image_fd;            // for QEMU
	struct qemu_disk disk[VOLUME_COUNT_MAX];
	struct netdev *net;
	struct load_net address; // the guest's, if there is a network
	int mine[QEMU_SOCKETS], its[QEMU_SOCKETS];
	int report_fd, its_report; // what QEMU says on standard error
	char report[4096];       // the beginning of that
	size_t report_len;
	int signal_fd;
	pid_t child;             // 0: has ended
	int child_status;        // then
	bool without_sandbox;    // this QEMU knows no -sandbox
	struct vcpu_area area;   // what the guest has told of itself, and what it is to be told
	struct qemu_streams streams;
	struct qemu_door door;
	struct qemu_frames frames;
	uint64_t ask_until_ns;   // whoever connected to the control socket is answered by then; 0: nobody
	uint64_t exit_until_ns;  // QEMU is killed then; 0: never
	uint32_t window_told;    // the value of the last PC_WINDOW
	bool killed;             // because the user insisted
};

// A growing list of words; what did not fit into memory makes it end in NULL words early, and
// `failed` says so.
struct words {
	char **at;
	unsigned count, room;
	bool failed;
};
void words_add(struct words *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void words_free(struct words *w);
// With "'" where a shell needs it. The caller frees it; NULL: no memory.
char *words_shell(const struct words *w);

// The guest's command line (append.c). The caller frees it; NULL: it is too long, or no memory.
char *qemu_append(const struct qemu *q, unsigned mmio_devices, bool *too_long);

// QEMU's command line (command.c). dry: for a person to paste, else for this process's child.
int qemu_command(const struct qemu *q, bool dry, struct words *out, struct failure *why);
// Its parts. One more virtio device on the machine's bus; network and volumes (devices.c).
struct qemu_writer {
	const struct qemu *q;
	struct words *out;
	bool dry, mmio;
	unsigned devices;
};
void qemu_add_device(struct qemu_writer *w, const char *type, const char *options);
void qemu_add_network(struct qemu_writer *w);
void qemu_add_volumes(struct qemu_writer *w);

// What each volume is for QEMU (disks.c).
int qemu_disks_open(struct qemu *q, struct failure *why);

// QEMU itself, and what is accelerated (find.c).
int qemu_find(struct qemu *q, struct failure *why);

// Starts QEMU and waits until it has started (start.c). 0 or a negative errno with *why; then it
// has ended.
int qemu_open_image(struct qemu *q, struct failure *why);
int qemu_launch(struct qemu *q, struct failure *why);
void qemu_close_sockets(struct qemu *q);
const char *qemu_report(struct qemu *q); // on one line

// The process (child.c). 0 or a negative errno; that it could not be executed is in its report.
int qemu_start(struct qemu *q, const struct words *command, struct failure *why);
// In the process, as root: /dev/kvm is that user's from here on (node.c). 0 or a negative errno.
int qemu_own_kvm(uid_t uid, gid_t gid);

// While it runs (serve.c). qemu_first_sign() waits until something has come from the guest, but not
// for ever, and reads nothing; it gives false if QEMU ended before. qemu_serve() serves until QEMU
// has ended and all that it said is written.
bool qemu_first_sign(struct qemu *q);
void qemu_serve(struct qemu *q);
// Takes QEMU's end, if it has ended. Gives whether it has.
bool qemu_reap(struct qemu *q);
void qemu_read_report(struct qemu *q);

// What is said on the control port (control.c). To the guest: whatever it does not know yet, as far
// as the port takes it; gives false if more is to be said.
bool qemu_tell(struct qemu *q);
void qemu_hear(struct qemu *q);
// Somebody has connected to the control socket: the guest is asked first. qemu_answer() answers
// when it has spoken, or has had its time.
void qemu_ask(struct qemu *q);
void qemu_answer(struct qemu *q);

#endif
