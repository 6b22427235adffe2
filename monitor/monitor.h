// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The monitor: runs one instance of an image in this process until it ends. A library: it prints
// nothing but the program's output and never exits. monitor_run() opens and checks the image,
// chooses the platform, and hands a struct monitor to it; the platform loads (monitor/load.h),
// runs, and serves devices, signals and the control socket meanwhile.
#ifndef MONITOR_MONITOR_H
#define MONITOR_MONITOR_H

#include <stdbool.h>
#include <stdint.h>

#include <host/failure.h>
#include <monitor/dev/volume.h>
#include <monitor/image.h>
#include <monitor/load.h>

struct monitor;

enum monitor_platform { MONITOR_ANY, MONITOR_KVM, MONITOR_PROCESS, MONITOR_QEMU };
// What runs the guest's code under QEMU. Any: KVM where the processor helps it, else TCG.
enum monitor_accel { MONITOR_ACCEL_ANY, MONITOR_ACCEL_KVM, MONITOR_ACCEL_TCG };

struct monitor_port {
	uint32_t host_addr; // IPv4, network order
	uint16_t host, guest;
	bool udp;
};

struct monitor_config {
	const char *image;
	enum monitor_platform platform;
	const char *machine;         // QEMU's, or NULL: which one is chosen
	enum monitor_accel accel;    // QEMU's
	uint64_t memory;             // bytes, 0: the manifest's or the default
	load_strings args;           // what follows those that the manifest keeps, or NULL: its
	load_strings env;            // NAME=value, or NULL
	bool net_given;              // else the manifest's
	enum manifest_net net;
	const char *tap;             // name of the interface for MANIFEST_NET_TAP
	const char *network;         // name of the network for MANIFEST_NET_NAMED
	const struct monitor_port *ports;
	unsigned port_count;
	const struct volume_spec *volumes; // by guest path
	unsigned volume_count;
	const char *name;            // of the instance
	const char *state_dir;       // where sums of large images are kept, or NULL
	int dir_fd; // the instance's folder (state.json, control.sock), or -1: none
	int all_fd;                  // the folder that this one is in, or -1
	const char *dir;             // the instance's folder, its path
	bool trace;
	void (*say)(void *arg,
		    const char *line); // a remark for the user (fall-back to process ...), or NULL
	// Is given the command line that would be run, for a shell, in place of running it; or NULL.
	void (*command)(void *arg, const char *text);
	// Called when the instance is about to run, or NULL. If it gives a negative errno (with
	// *why), the instance does not run.
	int (*started)(void *arg, const struct monitor *m, struct failure *why);
	void *arg;
};

// Times that something crossed between guest and host, for `pith inspect`.
enum crossing {
	CROSSING_WAIT,
	CROSSING_MAP,
	CROSSING_RELEASE,
	CROSSING_TICK,
	CROSSING_TRAP,
	CROSSING_VOLUME,
	CROSSING_OTHER,
	CROSSINGS
};
extern const char *const crossing_name[CROSSINGS];

struct control;

struct monitor {
	const struct monitor_config *cfg;
	struct image image;
	uint64_t memory;
	enum manifest_net net;
	const char *net_name;        // of the tap or network, or NULL
	bool net_small;              // no frames of many segments
	uint32_t v4_addr;            // the guest's, network order; 0: none, or by DHCP
	struct monitor_port *ports;  // published, the manifest's and the command line's
	unsigned port_count;
	load_strings args;           // with argv[0], or NULL
	struct volumes volumes;
	load_strings volume_paths;   // in the guest, or NULL
	uint32_t boot_flags;         // BOOT_STD*_TTY, BOOT_TRACE

	const char *platform;        // its name
	uint8_t *ram;                // while it runs
	struct loaded loaded;
	struct control *control;     // NULL: no control socket
	uint64_t start_ns;           // CLOCK_MONOTONIC at monitor_run()
	uint64_t crossings[CROSSINGS];
	bool crossings_unknown;      // nobody counts them
	uint64_t last_sigint_ns;     // monitor/signals.c
	uint64_t control_failures;   // answers that nobody took
};

// Runs the instance. Gives 0 with *status as a shell shows it (0..255; 126: crashed, then *why says
// what; 128+n: a signal ended it), or a negative errno with *why when it could not be started.
int monitor_run(const struct monitor_config *cfg, int *status, struct failure *why);

// The platforms. They give what monitor_run() gives. kvm_probe() is 0 or -ENOTSUP; kvm_run() gives
// -ENOTSUP if the machine cannot be made, and then has done nothing.
int kvm_probe(struct failure *why);                                        // monitor/kvm
int kvm_run(struct monitor *m, int *status, struct failure *why);
int process_run(struct monitor *m, int *status, struct failure *why);      // monitor/process
int qemu_run(struct monitor *m, int *status, struct failure *why);         // monitor/qemu

// For platforms: a load_config with everything filled in that does not depend on the platform. net:
// as the network device says.
void monitor_load_config(const struct monitor *m, struct load_config *cfg,
			 const struct load_net *net);

// For platforms: the network device that was chosen; *net as netdev_open() says. (monitor/dev)
struct netdev;
int monitor_open_network(struct monitor *m, struct netdev **out, struct load_net *net,
			 struct failure *why);
// Is it one that this process serves, with sockets of its own?
bool monitor_net_sockets(const struct monitor *m);

// For platforms: everything is ready and nothing runs yet. Opens the control socket and tells
// whoever started the monitor.
int monitor_started(struct monitor *m, struct failure *why);

// What signals do (monitor/signals.c). SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGUSR1, SIGUSR2
// go to the program: the platform blocks them and reads them from this signalfd (with SIGCHLD if
// wanted). Gives the fd or a negative errno.
int signals_open(bool sigchld);
bool signals_forwarded(int signo); // does the program get this one?
// A signal came: puts it into the guest's vcpu_area. Gives true if the instance must be killed
// instead, because the program did not react to a SIGINT of less than a second ago.
bool signals_forward(struct monitor *m, int signo);
// The terminal's size into the guest's vcpu_area.
void signals_window_size(struct monitor *m);

#endif
