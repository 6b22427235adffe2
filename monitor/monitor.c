// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What is decided before a platform takes over: the image is sound, the options and the manifest
// together say what to run with, and where.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <monitor/clock.h>
#include <monitor/control.h>
#include <monitor/dev/netdev.h>

#define MEMORY_DEFAULT (64ull << 20)
#define MEMORY_MIN (512ull << 10)
#define MEMORY_MAX (1ull << 42)

const char *const crossing_name[CROSSINGS] = { "wait", "map", "release", "tick", "trap",
					     "volume", "other" };

static int choose_memory(struct monitor *m, struct failure *why)
{
	const struct manifest *man = m->image.manifest;
	uint64_t memory = m->cfg->memory ? m->cfg->memory
			  : man->memory	 ? man->memory
					 : MEMORY_DEFAULT;

	memory = (memory + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	if (memory < MEMORY_MIN)
		return failure_set(
			why, -ENOMEM,
			"%llu KiB of memory are too little: the least is %llu KiB; give more "
			"with --memory",
			(unsigned long long)memory >> 10, MEMORY_MIN >> 10);
	if (memory > MEMORY_MAX)
		return failure_set(why, -EINVAL,
				   "%llu GiB of memory are too much: the most is %llu GiB",
				   (unsigned long long)memory >> 30, MEMORY_MAX >> 30);
	m->memory = memory;
	return 0;
}

// argv[0] and what else the manifest keeps come first; what the command line gives replaces the
// rest.
static int choose_args(struct monitor *m)
{
	const struct manifest *man = m->image.manifest;
	const char *kept = image_string(&m->image, man->args.off), **args;
	unsigned n = 0;

	if (!m->cfg->args)
		return 0;
	while (m->cfg->args[n])
		n++;
	args = calloc(man->args_kept + n + 1, sizeof(*args));
	if (!args)
		return -ENOMEM;
	for (unsigned i = 0; i < man->args_kept; i++, kept += strlen(kept) + 1)
		args[i] = kept;
	memcpy(args + man->args_kept, m->cfg->args, n * sizeof(*args));
	m->args = args;
	return 0;
}

static bool published(const struct monitor *m, const struct manifest_port *p)
{
	for (unsigned i = 0; i < m->cfg->port_count; i++) {
		if (m->cfg->ports[i].guest == p->guest && m->cfg->ports[i].udp == p->udp)
			return true;
	}
	return false;
}

// The manifest's published ports, unless the command line says something else about them.
static int choose_ports(struct monitor *m)
{
	const struct manifest *man = m->image.manifest;
	const struct manifest_port *p = (const void *)((const char *)man + man->ports);

	m->ports = calloc(m->cfg->port_count + man->port_count + 1, sizeof(*m->ports));
	if (!m->ports)
		return -ENOMEM;
	for (unsigned i = 0; i < m->cfg->port_count; i++)
		m->ports[m->port_count++] = m->cfg->ports[i];
	for (unsigned i = 0; i < man->port_count; i++) {
		if (p[i].host && !published(m, &p[i]))
			m->ports[m->port_count++] = (struct monitor_port){
				.host = p[i].host, .guest = p[i].guest, .udp = p[i].udp };
	}
	return 0;
}

static int choose_net(struct monitor *m, struct failure *why)
{
	const struct manifest *man = m->image.manifest;
	bool asked = m->cfg->net_given || m->cfg->port_count;

	m->net = m->cfg->net_given ? m->cfg->net : (enum manifest_net)man->net;
	m->net_name = man->net_name ? image_string(&m->image, man->net_name) : NULL;
	if (m->cfg->net_given)
		m->net_name = m->net == MANIFEST_NET_TAP ? m->cfg->tap : m->cfg->network;
	if (!m->cfg->net_given && m->cfg->port_count && m->net == MANIFEST_NET_NONE)
		m->net = MANIFEST_NET_USER;
	if (m->net != MANIFEST_NET_NONE && !(m->image.header.flags & IMAGE_F_NET)) {
		if (asked)
			return failure_set(why, -EINVAL,
					   "%s has no network: its program makes no sockets",
					   m->image.path);
		m->net = MANIFEST_NET_NONE;
	}
	if (m->net == MANIFEST_NET_TAP && !m->net_name)
		return failure_set(why, -EINVAL, "which tap? say --net tap:NAME");
	if (m->net == MANIFEST_NET_NAMED && !m->net_name)
		return failure_set(why, -EINVAL, "which network? say --net NAME");
	if (m->cfg->port_count && !monitor_net_sockets(m))
		return failure_set(why, -EINVAL,
				   "ports are published with --net user or --net NAME only");
	if (!monitor_net_sockets(m))
		m->port_count = 0;
	return 0;
}

static int choose_volumes(struct monitor *m, struct failure *why)
{
	unsigned count = m->cfg->volume_count;
	const char **paths;

	if (!count)
		return 0;
	if (!(m->image.header.flags & IMAGE_F_VOLUMES))
		return failure_set(why, -EINVAL,
				   "%s can have no volumes: its program does not list, change or sync "
				   "files; build it with --call getdents64 to have them",
				   m->image.path);
	paths = calloc(count + 1, sizeof(*paths));
	if (!paths)
		return failure_errno(why, -ENOMEM, "volumes");
	for (unsigned i = 0; i < count; i++)
		paths[i] = m->cfg->volumes[i].guest;
	m->volume_paths = paths;
	return volumes_open(&m->volumes, m->cfg->volumes, count, why);
}

static int choose(struct monitor *m, struct failure *why)
{
	int r = choose_memory(m, why);

	if (!r && (choose_args(m) || choose_ports(m)))
		r = failure_errno(why, -ENOMEM, "%s", m->image.path);
	if (!r)
		r = choose_net(m, why);
	if (!r)
		r = choose_volumes(m, why);
	if (m->cfg->trace)
		m->boot_flags |= BOOT_TRACE;
	for (int fd = 0; fd < 3; fd++) {
		if (isatty(fd))
			m->boot_flags |= (uint32_t)BOOT_STDIN_TTY << fd;
	}
	return r;
}

// Gives MONITOR_KVM, MONITOR_PROCESS or MONITOR_QEMU, or a negative errno.
static int choose_platform(struct monitor *m, struct failure *why)
{
	enum monitor_platform asked = m->cfg->platform;
	uint32_t flags = m->image.header.flags;

	if (asked == MONITOR_PROCESS && !(flags & IMAGE_F_PROCESS))
		return failure_set(
			why, -ENOEXEC,
			"%s is not built for the platform process; build it with --for process",
			m->image.path);
	if (asked == MONITOR_KVM && !(flags & IMAGE_F_KVM))
		return failure_set(why, -ENOEXEC,
				   "%s is not built for the platform kvm; build it with --for kvm",
				   m->image.path);
	if (asked == MONITOR_QEMU && !(flags & IMAGE_F_PC))
		return failure_set(why, -ENOEXEC,
				   "%s is not built for the platform pc, which --on qemu needs; build "
				   "it with --for pc",
				   m->image.path);
	if (asked == MONITOR_ANY && !(flags & (IMAGE_F_KVM | IMAGE_F_PROCESS)))
		return failure_set(why, -ENOEXEC,
				   "%s is built for the platform pc only; run it with --on qemu",
				   m->image.path);
	if (asked != MONITOR_ANY)
		return (int)asked;
	return flags & IMAGE_F_KVM ? MONITOR_KVM : MONITOR_PROCESS;
}

static int run_process(struct monitor *m, int *status, struct failure *why)
{
	m->platform = "process";
	return process_run(m, status, why);
}

static int run_qemu(struct monitor *m, int *status, struct failure *why)
{
	m->platform = "qemu";
	return qemu_run(m, status, why);
}

// -ENOTSUP: there is no kvm here. Then a process will do, unless the user or the image say
// otherwise.
static int run_kvm(struct monitor *m, int *status, struct failure *why)
{
	char line[sizeof(why->text) + 64];
	int r = kvm_probe(why);

	m->platform = "kvm";
	if (!r)
		r = kvm_run(m, status, why);
	if (r != -ENOTSUP || !(m->image.header.flags & IMAGE_F_PROCESS))
		return r;
	snprintf(line, sizeof(line), "%s; %s", why->text,
		 m->cfg->platform == MONITOR_KVM ? "--on process works without it"
						 : "it runs as a process instead");
	if (m->cfg->platform == MONITOR_KVM)
		return failure_set(why, r, "%s", line);
	if (m->cfg->say)
		m->cfg->say(m->cfg->arg, line);
	why->text[0] = 0;
	return run_process(m, status, why);
}

void monitor_load_config(const struct monitor *m, struct load_config *cfg,
			 const struct load_net *net)
{
	memset(cfg, 0, sizeof(*cfg));
	cfg->ram = m->ram;
	cfg->memory = m->memory;
	cfg->flags = m->boot_flags;
	cfg->args = m->args;
	cfg->env = m->cfg->env;
	cfg->hostname = m->cfg->name;
	cfg->net = net;
	cfg->volumes = m->volume_paths;
	for (unsigned i = 0; i < m->volumes.count; i++) {
		cfg->readonly_volumes |= (uint32_t)m->volumes.at[i].readonly << i;
		cfg->file_volumes |= (uint32_t)(m->volumes.at[i].file && !m->volumes.at[i].disk) << i;
		cfg->disk_volumes |= (uint32_t)m->volumes.at[i].disk << i;
	}
}

bool monitor_net_sockets(const struct monitor *m)
{
	return m->net == MANIFEST_NET_USER || m->net == MANIFEST_NET_NAMED;
}

int monitor_open_network(struct monitor *m, struct netdev **out, struct load_net *net,
			 struct failure *why)
{
	struct netdev_config cfg = {
		.kind = m->net,
		.tap = m->net_name,
		.network = m->net_name,
		.ports = m->ports,
		.port_count = m->port_count,
		.memory = m->net_small ? 0 : m->memory,
		.hostname = m->cfg->name,
	};
	int r = netdev_open(&cfg, out, net, why);

	m->v4_addr = r || m->net == MANIFEST_NET_NONE ? 0 : net->v4_addr;
	return r;
}

int monitor_started(struct monitor *m, struct failure *why)
{
	int r = control_open(m, why);

	if (!r && m->cfg->started)
		r = m->cfg->started(m->cfg->arg, m, why);
	if (!r)
		volumes_start(&m->volumes);
	return r;
}

int monitor_run(const struct monitor_config *cfg, int *status, struct failure *why)
{
	struct monitor *m = calloc(1, sizeof(*m));
	int r;

	if (!m)
		return failure_errno(why, -ENOMEM, "%s", cfg->image);
	m->cfg = cfg;
	m->volumes.proc_fd = -1;
	m->start_ns = clock_host_ns();
	r = image_open(&m->image, cfg->image, cfg->state_dir, why);
	if (r) {
		free(m);
		return r;
	}
	r = choose(m, why);
	if (!r)
		r = choose_platform(m, why);
	if (r == MONITOR_KVM || r == MONITOR_PROCESS) {
		int err = volumes_find_disks(&m->volumes, cfg->volumes,
					     m->image.header.flags & IMAGE_F_DISKS, why);

		r = err ? err : r;
	}
	if (r >= 0)
		r = r == MONITOR_KVM	? run_kvm(m, status, why)
		    : r == MONITOR_QEMU ? run_qemu(m, status, why)
					: run_process(m, status, why);
	control_close(m);
	image_close(&m->image);
	volumes_close(&m->volumes);
	free((void *)m->volume_paths);
	free((void *)m->args);
	free(m->ports);
	free(m);
	return r;
}
