// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The kvm platform: one thread that makes the virtual machine, runs its vcpu and serves its devices
// in between (run.h).
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <monitor/control.h>
#include <monitor/dev/console.h>
#include <monitor/dev/netdev.h>
#include <monitor/kvm/clock.h>
#include <monitor/kvm/cpu.h>
#include <monitor/kvm/run.h>
#include <monitor/kvm/tick.h>
#include <monitor/monitor.h>
#include <monitor/sandbox.h>

// In the pollfds of the network device.
enum place { AT_SIGNALS, AT_CONTROL, AT_STDIN, AT_OUTPUT, AT_VOLUME };
_Static_assert(AT_VOLUME < NETDEV_OTHERS, "the network device leaves room for these");

struct instance {
	struct monitor *m;
	struct vm vm;
	struct vm_run run;
	struct console console;
	struct netdev *net;
	struct vm_clock clock;
	int signal_fd;
	int volume_fd; // eventfd: something of a volume has been done. -1: no volumes
	bool alone; // one processor is all that this process may use
	int killed; // status to end with, or 0
};

static void flush_console(struct instance *in)
{
	struct vcpu_area *area = in->m->loaded.area;

	console_flush(&in->console, &console_streams);
	if (in->console.broken) {
		in->console.broken = 0;
		__atomic_fetch_or(&area->host_signals, 1ull << SIGPIPE, __ATOMIC_RELAXED);
		__atomic_fetch_or(&area->events, EVENT_SIGNALS, __ATOMIC_RELEASE);
	}
}

static int pump(void *arg)
{
	struct instance *in = arg;

	vm_clock_keep(&in->clock);
	flush_console(in);
	return netdev_pump(in->net);
}

static void take_signals(struct instance *in)
{
	struct signalfd_siginfo si;

	while (read(in->signal_fd, &si, sizeof(si)) == (ssize_t)sizeof(si)) {
		if (signals_forward(in->m, (int)si.ssi_signo))
			in->killed = 128 + SIGINT;
	}
}

static void serve_control(struct instance *in)
{
	uint64_t *c = in->m->crossings;

	c[CROSSING_WAIT] = in->run.count[VM_WAIT];
	c[CROSSING_MAP] = in->run.count[VM_MAP];
	c[CROSSING_RELEASE] = in->run.count[VM_RELEASE];
	c[CROSSING_TICK] = in->run.count[VM_TICK];
	c[CROSSING_VOLUME] = in->run.count[VM_VOLUME];
	c[CROSSING_OTHER] = in->run.count[VM_OTHER];
	control_serve(in->m);
}

// Looks at all descriptors, for up to ns. Gives -EINTR when a signal handler ran.
static int sleep_on(void *arg, uint64_t ns)
{
	struct instance *in = arg;
	bool input = in->m->loaded.area->want_stdin && console_wants(&in->console);
	unsigned count;
	struct pollfd *p = netdev_pollfds(in->net, &count, &ns);
	struct timespec ts = { (time_t)(ns / 1000000000), (long)(ns % 1000000000) };
	uint64_t done;
	int n, err;

	p[AT_SIGNALS] = (struct pollfd){ .fd = in->signal_fd, .events = POLLIN };
	p[AT_CONTROL] = (struct pollfd){ .fd = control_fd(in->m), .events = POLLIN };
	p[AT_STDIN] = (struct pollfd){ .fd = input ? 0 : -1, .events = POLLIN };
	p[AT_VOLUME] = (struct pollfd){ .fd = in->volume_fd, .events = POLLIN };
	p[AT_OUTPUT] = (struct pollfd){ .fd = in->console.blocked, .events = POLLOUT };
	n = ppoll(p, count, ns == UINT64_MAX ? NULL : &ts, NULL);
	err = n < 0 ? -errno : 0;
	if (n <= 0)
		for (unsigned i = 0; i < count; i++)
			p[i].revents = 0;
	if (p[AT_SIGNALS].revents)
		take_signals(in);
	if (p[AT_CONTROL].revents)
		serve_control(in);
	if (p[AT_VOLUME].revents && read(in->volume_fd, &done, sizeof(done)) < 0)
		p[AT_VOLUME].revents = 0;
	if (p[AT_STDIN].revents)
		console_fill(&in->console, &console_streams);
	netdev_polled(in->net);
	return err;
}

static void look(void *arg)
{
	sleep_on(arg, 0);
}

static void volume(void *arg)
{
	struct instance *in = arg;

	volumes_serve(&in->m->volumes, &in->vm.usable, in->m->loaded.volume);
}

static int killed(void *arg)
{
	return ((struct instance *)arg)->killed;
}

// The guest has ended; what it has written goes out, unless nobody takes it and the user insists.
static void drain(struct instance *in)
{
	flush_console(in);
	while (in->console.blocked >= 0 && !in->killed) {
		sleep_on(in, UINT64_MAX);
		flush_console(in);
	}
}

static int load(struct instance *in, struct failure *why)
{
	struct monitor *m = in->m;
	struct load_config cfg;
	struct load_net net;
	int err = monitor_open_network(m, &in->net, &net, why);

	if (err)
		return err;
	m->ram = vm_memory(m->memory);
	if (!m->ram)
		return failure_errno(why, -errno, "cannot map %llu MiB of memory",
				     (unsigned long long)m->memory >> 20);
	monitor_load_config(m, &cfg, m->net == MANIFEST_NET_NONE ? NULL : &net);
	cfg.platform = BOOT_KVM;
	cfg.reserve = nucleus_reserve(m->memory);
	cfg.flags |= in->vm.slow_cpl0 ? BOOT_SLOW_CPL0 : 0;
	err = load_checked_image(&m->image, &cfg, &m->loaded, why);
	if (err)
		return err;
	signals_window_size(m);
	console_open(&in->console, &m->loaded);
	netdev_attach(in->net, &m->loaded.net_rx, &m->loaded.net_tx);
	return 0;
}

static int place(struct instance *in, struct failure *why)
{
	struct monitor *m = in->m;
	const struct vm_place p = {
		.ram = m->ram,
		.memory = m->memory,
		.image = m->image.map,
		.image_len = m->image.len,
		.nucleus = image_bytes(&m->image, IMAGE_PART_NUCLEUS),
		.nucleus_len = image_part(&m->image, IMAGE_PART_NUCLEUS)->len,
		.loaded = &m->loaded,
		.pt_flags = m->image.header.flags & IMAGE_F_WX ? PT_F_WX : 0,
	};
	int err = vm_place(&in->vm, &p, why);
	cpu_set_t cpus;

	in->alone = !sched_getaffinity(0, sizeof(cpus), &cpus) && CPU_COUNT(&cpus) == 1;
	if (!err)
		err = cpu_registers(&in->vm, &m->loaded, why);
	in->signal_fd = signals_open(false);
	if (!err && in->signal_fd < 0)
		err = failure_errno(why, in->signal_fd, "cannot take signals");
	if (!err && (err = tick_open(in->vm.run)))
		err = failure_errno(why, err, "cannot make a timer");
	return err;
}

// Without the thread everything is done at once.
static int start_threads(void *arg)
{
	struct instance *in = arg;

	in->volume_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (in->volume_fd >= 0)
		volumes_work(&in->m->volumes, in->m->loaded.volume, in->volume_fd);
	return 0;
}

static int lock_in(struct instance *in, struct failure *why)
{
	const struct monitor_config *cfg = in->m->cfg;
	struct sandbox s = {
		.dir_fd = cfg->dir_fd, .all_fd = cfg->all_fd,
		.sockets = monitor_net_sockets(in->m), .edits = in->vm.slow_cpl0,
		.volumes = &in->m->volumes,
		.threads = in->m->volumes.count ? start_threads : NULL, .threads_arg = in,
	};

	netdev_folders(in->net, &s.net_dir_fd, &s.net_all_fd);
	return sandbox_enter(&s, why);
}

static int run(struct instance *in, int *status, struct failure *why)
{
	const struct vm_devices dev = {
		.arg = in, .pump = pump, .sleep = sleep_on, .look = look, .killed = killed,
		.volume = in->m->loaded.volume ? volume : NULL,
	};
	int err;

	in->run = (struct vm_run){ .vm = &in->vm,
				   .area = in->m->loaded.area,
				   .dev = &dev,
				   .alone = in->alone };
	vm_clock_start(&in->clock, &in->m->loaded.area->clock, in->vm.tsc_khz);
	err = vm_run(&in->run, status, why);
	if (err == -EFAULT) {
		*status = 126;
		err = 0;
	}
	if (!err)
		drain(in);
	return err;
}

static void clean_up(struct instance *in)
{
	volumes_stop(&in->m->volumes);
	netdev_close(in->net);
	tick_close();
	vm_destroy(&in->vm);
	if (in->signal_fd >= 0)
		close(in->signal_fd);
	if (in->volume_fd >= 0)
		close(in->volume_fd);
	if (in->m->ram)
		munmap(in->m->ram, in->m->memory);
	in->m->ram = NULL;
	free(in);
}

int kvm_probe(struct failure *why)
{
	if (!access("/dev/kvm", R_OK | W_OK))
		return 0;
	if (errno == EACCES || errno == EPERM)
		return failure_set(why, -ENOTSUP,
				   "/dev/kvm may not be opened by this user (usermod -aG kvm $USER "
				   "lets them)");
	return failure_set(why, -ENOTSUP,
			   "there is no /dev/kvm (is virtualization switched on, and kvm loaded?)");
}

int kvm_run(struct monitor *m, int *status, struct failure *why)
{
	struct instance *in = calloc(1, sizeof(*in));
	int err;

	if (!in)
		return failure_errno(why, -ENOMEM, "%s", m->image.path);
	in->m = m;
	in->signal_fd = in->volume_fd = -1;
	err = vm_create(&in->vm, why);
	if (!err)
		err = load(in, why);
	if (!err)
		err = place(in, why);
	if (!err)
		err = monitor_started(m, why);
	if (!err)
		err = lock_in(in, why);
	if (!err)
		err = run(in, status, why);
	clean_up(in);
	return err;
}
