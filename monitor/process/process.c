// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The process platform, parent: makes RAM and what the two share, forks the child (monitor/process/child.c), and then serves
// signals, the control socket and the user-mode network until the child has ended. The child is the instance; the parent touches
// of its memory only rings and vcpu_area, and believes nothing in them.
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
#include <unistd.h>

#include <monitor/control.h>
#include <monitor/process/half.h>

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
		return failure_errno(why, -errno, "cannot make %llu MiB of memory", (unsigned long long)m->memory >> 20);
	at = mmap(NULL, m->memory, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, h->ram_fd, 0);
	if (at == MAP_FAILED)
		return failure_errno(why, -errno, "cannot map %llu MiB of memory", (unsigned long long)m->memory >> 20);
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

static int load(struct half *h, struct failure *why)
{
	struct load_config cfg;
	int r;

	monitor_load_config(h->m, &cfg, NULL);
	cfg.platform = BOOT_PROCESS;
	cfg.own_va_len = PROCESS_OWN_LEN;
	r = load_image(&cfg, &h->m->loaded, why);
	if (!r)
		r = gate_find(h, why);
	if (r)
		return r;
	signals_window_size(h->m);
	filter_build(h);
	return 0;
}

static void wake_child(struct half *h)
{
	uint64_t one = 1;

	if (__atomic_load_n(&h->page->child_sleeps, __ATOMIC_SEQ_CST) && write(h->kick_fd, &one, sizeof(one)) < 0)
		return; // the counter is full: it is woken
}

static void count_crossings(struct half *h)
{
	struct monitor *m = h->m;

	m->crossings[CROSSING_WAIT] = h->page->counts[PROCESS_WAITS];
	m->crossings[CROSSING_MAP] = h->page->counts[PROCESS_MAPS];
	m->crossings[CROSSING_RELEASE] = h->page->counts[PROCESS_RELEASES];
	m->crossings[CROSSING_TICK] = h->page->counts[PROCESS_TICKS];
	m->crossings[CROSSING_TRAP] = h->page->counts[PROCESS_TRAPS];
}

static int start_child(struct half *h, struct failure *why)
{
	h->child = fork();
	if (h->child < 0)
		return failure_errno(why, -errno, "cannot make a process");
	if (!h->child)
		child_main(h);
	return 0;
}

// Takes the child's end, if it has ended. Gives true with *r and *status as monitor_run() gives them.
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
		failure_set(why, 0, "the instance made a call that its sandbox forbids and was ended");
	} else {
		failure_set(why, 0, "the instance was ended by signal %d (%s)", WTERMSIG(s), strsignal(WTERMSIG(s)));
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

static int serve(struct half *h, int *status, struct failure *why)
{
	bool killed = false;
	int r;

	for (;;) {
		struct pollfd fds[] = {
			{ .fd = h->signal_fd, .events = POLLIN },
			{ .fd = control_fd(h->m), .events = POLLIN },
			{ .fd = h->parent_fd, .events = POLLIN },
		};

		poll(fds, sizeof(fds) / sizeof(fds[0]), -1);
		if (fds[0].revents) {
			killed |= take_signals(h);
			if (child_ended(h, killed, &r, status, why))
				return r;
		}
		if (fds[1].revents) {
			count_crossings(h);
			control_serve(h->m);
		}
	}
}

static void clean_up(struct half *h)
{
	const int fds[] = { h->ram_fd, h->kick_fd, h->parent_fd, h->signal_fd, h->tap_fd };

	if (h->child > 0) {
		kill(h->child, SIGKILL);
		waitpid(h->child, NULL, 0);
	}
	for (unsigned i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
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
		r = start_child(h, why);
	if (!r)
		r = serve(h, status, why);
	clean_up(h);
	return r;
}
