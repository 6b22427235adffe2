// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The process platform, parent: makes RAM and what the two share, forks the child
// (monitor/process/child.c), and then serves signals, the control socket and the user-mode network
// until the child has ended. The child is the instance; the parent touches of its memory only rings
// and vcpu_area, and believes nothing in them.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <monitor/control.h>
#include <monitor/process/half.h>
#include <monitor/sandbox.h>

#define MEMFD_EXECUTABLE 0x10u // MFD_EXEC, Linux 6.3: program text lives in RAM

static int make_ram(struct half *h, struct failure *why)
{
	unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	struct monitor *m = h->m;
	void *at;

	h->ram_fd = memfd_create("pith-ram", flags | MEMFD_EXECUTABLE);
	if (h->ram_fd < 0 && errno == EINVAL)
		h->ram_fd = memfd_create("pith-ram", flags);
	if (h->ram_fd < 0 || ftruncate(h->ram_fd, (off_t)m->memory) ||
	    fcntl(h->ram_fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL))
		return failure_errno(why, -errno, "cannot make %llu MiB of memory",
				     (unsigned long long)m->memory >> 20);
	at = mmap(NULL, m->memory, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, h->ram_fd,
		  0);
	if (at == MAP_FAILED)
		return failure_errno(why, -errno, "cannot map %llu MiB of memory",
				     (unsigned long long)m->memory >> 20);
	m->ram = at;
	return 0;
}

static int make_shared(struct half *h, struct failure *why)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return failure_errno(why, -errno, "cannot map a page");
	h->page = page;
	h->kick_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	h->parent_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	h->signal_fd = signals_open(true);
	if (h->kick_fd < 0 || h->parent_fd < 0 || h->signal_fd < 0)
		return failure_errno(why, -errno, "cannot make file descriptors");
	return 0;
}

// The child pumps a tap itself, so the parent needs only its descriptor and has no network of its
// own then.
static int take_tap(struct half *h, struct failure *why)
{
	const struct netdev_config none = { .kind = MANIFEST_NET_NONE };

	h->tap_fd = fcntl(netdev_tap_fd(h->net), F_DUPFD_CLOEXEC, PROCESS_FDS);
	if (h->tap_fd < 0)
		return failure_errno(why, -errno, "the tap");
	netdev_close(h->net);
	h->net = NULL;
	return netdev_open(&none, &h->net, NULL, why);
}

static int load(struct half *h, struct failure *why)
{
	struct load_config cfg;
	struct load_net net;
	int r = monitor_open_network(h->m, &h->net, &net, why);

	if (!r && h->m->net == MANIFEST_NET_TAP)
		r = take_tap(h, why);
	if (r)
		return r;
	monitor_load_config(h->m, &cfg, h->m->net == MANIFEST_NET_NONE ? NULL : &net);
	cfg.platform = BOOT_PROCESS;
	cfg.own_va_len = PROCESS_OWN_LEN;
	r = load_checked_image(&h->m->image, &cfg, &h->m->loaded, why);
	if (!r)
		r = gate_find(h, why);
	if (r)
		return r;
	if (monitor_net_sockets(h->m))
		netdev_attach(h->net, &h->m->loaded.net_rx, &h->m->loaded.net_tx);
	signals_window_size(h->m);
	filter_build(h);
	return 0;
}

static void wake_child(struct half *h)
{
	uint64_t one = 1;

	if (__atomic_load_n(&h->page->child_sleeps, __ATOMIC_SEQ_CST) &&
	    write(h->kick_fd, &one, sizeof(one)) < 0)
		return; // the counter is full: it is woken
}

// The child sleeps until it has its answer.
static void serve_volume(struct half *h)
{
	const struct gpa_space ram = { h->m->ram, { LOAD_RAM_PA }, h->m->memory };

	if (!__atomic_load_n(&h->page->volume, __ATOMIC_ACQUIRE))
		return;
	if (h->m->loaded.volume)
		volumes_serve(&h->m->volumes, &ram, h->m->loaded.volume);
	__atomic_store_n(&h->page->volume, 0, __ATOMIC_SEQ_CST);
	wake_child(h);
}

static void count_crossings(struct half *h)
{
	struct monitor *m = h->m;

	m->crossings[CROSSING_WAIT] = h->page->counts[PROCESS_WAITS];
	m->crossings[CROSSING_MAP] = h->page->counts[PROCESS_MAPS];
	m->crossings[CROSSING_RELEASE] = h->page->counts[PROCESS_RELEASES];
	m->crossings[CROSSING_TICK] = h->page->counts[PROCESS_TICKS];
	m->crossings[CROSSING_TRAP] = h->page->counts[PROCESS_TRAPS];
	m->crossings[CROSSING_VOLUME] = h->page->counts[PROCESS_VOLUMES];
}

static int start_child(struct half *h, struct failure *why)
{
	h->parent = getpid();
	h->child = fork();
	if (h->child < 0)
		return failure_errno(why, -errno, "cannot make a process");
	if (!h->child)
		child_main(h);
	return 0;
}

// The thread wakes the child itself. Without it everything is done at once.
static int start_threads(void *arg)
{
	struct half *h = arg;

	volumes_work(&h->m->volumes, h->m->loaded.volume, h->kick_fd);
	return 0;
}

// The child locks itself in (monitor/process/filter.c); this is for the parent.
static int lock_in(struct half *h, struct failure *why)
{
	const struct monitor *m = h->m;
	struct sandbox s = {
		.dir_fd = m->cfg->dir_fd,
		.all_fd = m->cfg->all_fd,
		.sockets = monitor_net_sockets(m),
		.child = h->child,
		.volumes = &m->volumes,
		.threads = m->volumes.count ? start_threads : NULL,
		.threads_arg = h,
	};

	netdev_folders(h->net, &s.net_dir_fd, &s.net_all_fd);
	return sandbox_enter(&s, why);
}

// Takes the child's end, if it has ended. Gives true with *r and *status as monitor_run() gives
// them.
static bool child_ended(struct half *h, bool killed, int *r, int *status, struct failure *why)
{
	int s;

	if (waitpid(h->child, &s, WNOHANG) != h->child)
		return false;
	h->child = 0;
	*r = 0;
	*status = 126;
	if (WIFEXITED(s) && h->page->failure_errno) {
		h->page->failure[sizeof(h->page->failure) - 1] = 0;
		*r = failure_set(why, -EIO, "%s", h->page->failure);
	} else if (WIFEXITED(s)) {
		*status = WEXITSTATUS(s);
	} else if (killed) {
		*status = 128 + SIGINT;
	} else if (WTERMSIG(s) == SIGSYS) {
		failure_set(why, 0,
			    "the instance made a call that its sandbox forbids and was ended");
	} else {
		failure_set(why, 0, "the instance was ended by signal %d (%s)", WTERMSIG(s),
			    strsignal(WTERMSIG(s)));
	}
	return true;
}

// Gives true if the child was killed because the user insisted.
static bool take_signals(struct half *h)
{
	struct signalfd_siginfo si;
	bool killed = false;

	while (read(h->signal_fd, &si, sizeof(si)) == (ssize_t)sizeof(si)) {
		if (si.ssi_signo == SIGCHLD)
			continue;
		if (signals_forward(h->m, (int)si.ssi_signo)) {
			kill(h->child, SIGKILL);
			killed = true;
		}
		wake_child(h);
	}
	return killed;
}

// Indices of the ring that the guest sends with. Frames may wait that the network does not take (a
// broken ring): so what counts is whether something has moved since the last look, not whether
// something is there.
struct sending {
	uint32_t head, tail;
};

static struct sending look_at_sending(const struct half *h)
{
	const struct ring *tx = h->m->loaded.net_tx.ring;
	struct sending s = { 0, 0 };

	if (monitor_net_sockets(h->m)) {
		s.head = __atomic_load_n(&tx->head, __ATOMIC_SEQ_CST);
		s.tail = __atomic_load_n(&tx->tail, __ATOMIC_SEQ_CST);
	}
	return s;
}

static bool sends_more(const struct half *h, struct sending before)
{
	struct sending now = look_at_sending(h);

	return now.head != before.head || (now.tail != before.tail && now.tail != now.head);
}

enum { AT_SIGNALS, AT_CONTROL, AT_CHILD };

// Sleeps until there is something to do, and moves frames. Gives the caller's places in the poll
// set.
static const struct pollfd *sleep_and_pump(struct half *h)
{
	uint64_t ns = UINT64_MAX, kicks;
	struct sending before = look_at_sending(h);
	bool received = netdev_pump(h->net);
	unsigned count;
	struct pollfd *p = netdev_pollfds(h->net, &count, &ns);
	struct timespec ts;

	p[AT_SIGNALS] = (struct pollfd){ .fd = h->signal_fd, .events = POLLIN };
	p[AT_CONTROL] = (struct pollfd){ .fd = control_fd(h->m), .events = POLLIN };
	p[AT_CHILD] = (struct pollfd){ .fd = h->parent_fd, .events = POLLIN };
	if (received)
		wake_child(h);
	__atomic_store_n(&h->page->parent_sleeps, 1, __ATOMIC_SEQ_CST);
	if (sends_more(h, before) || __atomic_load_n(&h->page->volume, __ATOMIC_SEQ_CST))
		ns = 0;
	ts = (struct timespec){ (time_t)(ns / 1000000000), (long)(ns % 1000000000) };
	if (ppoll(p, count, ns == UINT64_MAX ? NULL : &ts, NULL) <= 0)
		for (unsigned i = 0; i < count; i++)
			p[i].revents = 0;
	__atomic_store_n(&h->page->parent_sleeps, 0, __ATOMIC_SEQ_CST);
	if (p[AT_CHILD].revents && read(h->parent_fd, &kicks, sizeof(kicks)) < 0)
		p[AT_CHILD].revents = 0;
	if (netdev_polled(h->net))
		wake_child(h);
	return p;
}

static int serve(struct half *h, int *status, struct failure *why)
{
	bool killed = false;
	int r;

	for (;;) {
		const struct pollfd *p = sleep_and_pump(h);

		serve_volume(h);
		if (p[AT_SIGNALS].revents) {
			killed |= take_signals(h);
			if (child_ended(h, killed, &r, status, why))
				return r;
		}
		if (p[AT_CONTROL].revents) {
			count_crossings(h);
			control_serve(h->m);
		}
	}
}

static void clean_up(struct half *h)
{
	const int fds[] = { h->ram_fd, h->kick_fd, h->parent_fd, h->signal_fd, h->tap_fd };

	volumes_stop(&h->m->volumes);
	if (h->child > 0) {
		kill(h->child, SIGKILL);
		waitpid(h->child, NULL, 0);
	}
	for (unsigned i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
	netdev_close(h->net);
	if (h->m->ram)
		munmap(h->m->ram, h->m->memory);
	h->m->ram = NULL;
	if (h->page)
		munmap(h->page, 4096);
	free(h);
}

int process_run(struct monitor *m, int *status, struct failure *why)
{
	struct half *h = calloc(1, sizeof(*h));
	int r;

	if (!h)
		return failure_errno(why, -ENOMEM, "%s", m->image.path);
	h->m = m;
	h->ram_fd = h->kick_fd = h->parent_fd = h->signal_fd = h->tap_fd = -1;
	r = make_ram(h, why);
	if (!r)
		r = make_shared(h, why);
	if (!r)
		r = load(h, why);
	if (!r)
		r = monitor_started(m, why);
	if (!r)
		r = sandbox_drop_root(&m->volumes, why); // the child too
	if (!r)
		r = start_child(h, why);
	if (!r)
		r = lock_in(h, why);
	if (!r)
		r = serve(h, status, why);
	clean_up(h);
	return r;
}
