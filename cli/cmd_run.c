// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cli/commands.h>
#include <cli/run.h>
#include <host/network.h>
#include <host/options.h>

static const char help[] =
	"Usage: pith run [options] IMAGE [-- ARGUMENTS]\n"
	"       pith run [options] ARCHIVE [-- ARGUMENTS]\n"
	"\n"
	"Runs an image until its program ends, with its exit status. An archive (a container image\n"
	"or a root file system) is made an image first: see pith build.\n"
	"\n"
	"      --on PLATFORM    kvm or process (kvm if /dev/kvm works, else process), or\n"
	"                       qemu[:MACHINE][,accel=kvm|tcg], MACHINE being microvm, q35\n"
	"                       or pc\n"
	"  -m, --memory SIZE    the most memory that it may have, like 64M\n"
	"      --net NETWORK    user, none, tap:NAME, or the name of a network of instances\n"
	"  -p, --port PORT      publish [ADDRESS:]HOST:GUEST[/udp], like 8080:80\n"
	"  -v, --volume VOLUME  a directory, file or disk of the host: HOST:GUEST[:ro], like "
	"/srv/data:/data\n"
	"      --name NAME      name of the instance (one is made up)\n"
	"  -d, --detach         run in the background: see pith ps, logs, stop\n"
	"      --rm             keep nothing of it when it has ended\n"
	"  -e, --env NAME=VALUE a variable of its environment\n"
	"      --program PATH   the program in a root file system (an archive or folder)\n"
	"      --tag NAME       which of several container images in an archive\n"
	"      --max-size SIZE  what an archive may unpack to (half of the free disk)\n"
	"      --trace          print each system call\n"
	"      --dry-run        with --on qemu: print QEMU's command line, run nothing\n"
	"      --json           with -d: print the instance as JSON\n"
	"  -h, --help           this text\n"
	"\n"
	"ARGUMENTS replace those in the image. Ctrl-C goes to the program; twice within a second "
	"ends\n"
	"it.\n"
	"An instance without a name that is not detached is forgotten when it ends.\n"
	"Status: the program's own; 125 if pith failed, 126 if the instance crashed, 128+N if "
	"signal N\n"
	"ended it.\n";

enum { OPT_ON = 256, OPT_NET, OPT_NAME, OPT_RM, OPT_TRACE, OPT_JSON, OPT_PROGRAM, OPT_TAG,
       OPT_MAX_SIZE, OPT_DRY_RUN };

static const struct option options[] = {
	{ "on", required_argument, NULL, OPT_ON },     { "memory", required_argument, NULL, 'm' },
	{ "net", required_argument, NULL, OPT_NET },   { "port", required_argument, NULL, 'p' },
	{ "name", required_argument, NULL, OPT_NAME }, { "detach", no_argument, NULL, 'd' },
	{ "rm", no_argument, NULL, OPT_RM },           { "env", required_argument, NULL, 'e' },
	{ "trace", no_argument, NULL, OPT_TRACE },     { "json", no_argument, NULL, OPT_JSON },
	{ "volume", required_argument, NULL, 'v' },     { "help", no_argument, NULL, 'h' },
	{ "program", required_argument, NULL, OPT_PROGRAM },
	{ "tag", required_argument, NULL, OPT_TAG },
	{ "max-size", required_argument, NULL, OPT_MAX_SIZE },
	{ "dry-run", no_argument, NULL, OPT_DRY_RUN },
	{ NULL, 0, NULL, 0 },
};

// Options that may come several times. As many as there are arguments are enough.
struct lists {
	const char **env;
	struct monitor_port *ports;
	struct volume_spec *volumes;
	unsigned env_count;
};

static int take_accel(struct run *r, const char *word, struct failure *why)
{
	if (!strcmp(word, "accel=kvm"))
		r->cfg.accel = MONITOR_ACCEL_KVM;
	else if (!strcmp(word, "accel=tcg"))
		r->cfg.accel = MONITOR_ACCEL_TCG;
	else
		return failure_set(why, -EINVAL,
				   "qemu has no option \"%s\" here: accel=kvm or accel=tcg", word);
	return 0;
}

// What follows "qemu".
static int take_machine(struct run *r, const char *words, struct failure *why)
{
	static const char *const machines[] = { "microvm", "q35", "pc" };
	size_t len;

	if (*words == ':') {
		len = strcspn(++words, ",");
		for (unsigned i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
			if (len == strlen(machines[i]) && !strncmp(words, machines[i], len))
				r->cfg.machine = machines[i];
		}
		if (!r->cfg.machine)
			return failure_set(why, -EINVAL,
					   "qemu has no machine \"%.*s\" here: microvm, q35 or pc",
					   (int)len, words);
		words += len;
	}
	return *words ? take_accel(r, words + 1, why) : 0;
}

static int take_platform(struct run *r, struct failure *why)
{
	size_t len = strcspn(optarg, ":,");

	r->cfg.machine = NULL;
	r->cfg.accel = MONITOR_ACCEL_ANY;
	if (!strcmp(optarg, "kvm"))
		r->cfg.platform = MONITOR_KVM;
	else if (!strcmp(optarg, "process"))
		r->cfg.platform = MONITOR_PROCESS;
	else if (len == 4 && !strncmp(optarg, "qemu", 4))
		r->cfg.platform = MONITOR_QEMU;
	else
		return failure_set(why, -EINVAL,
				   "there is no platform \"%s\": kvm, process or "
				   "qemu[:MACHINE][,accel=kvm|tcg]",
				   optarg);
	return r->cfg.platform == MONITOR_QEMU ? take_machine(r, optarg + len, why) : 0;
}

static int take_net(struct run *r, struct failure *why)
{
	r->cfg.net_given = true;
	if (!strcmp(optarg, "user")) {
		r->cfg.net = MANIFEST_NET_USER;
	} else if (!strcmp(optarg, "none")) {
		r->cfg.net = MANIFEST_NET_NONE;
	} else if (!strncmp(optarg, "tap:", 4) && optarg[4]) {
		r->cfg.net = MANIFEST_NET_TAP;
		r->cfg.tap = optarg + 4;
	} else if (network_name_ok(optarg)) {
		r->cfg.net = MANIFEST_NET_NAMED;
		r->cfg.network = optarg;
	} else {
		return failure_set(why, -EINVAL,
				   "there is no network \"%s\": user, none, tap:NAME, or a name of "
				   "letters, digits, - and _",
				   optarg);
	}
	return 0;
}

static int take_env(struct lists *l, struct failure *why)
{
	if (optarg[0] == '=' || !strchr(optarg, '='))
		return failure_set(why, -EINVAL, "\"%s\" sets no variable: say NAME=VALUE", optarg);
	l->env[l->env_count++] = optarg;
	return 0;
}

static int take_port(struct run *r, struct lists *l, struct failure *why)
{
	struct option_port p;
	int err = option_port(optarg, &p, why);

	if (err)
		return err;
	for (unsigned i = 0; i < r->cfg.port_count; i++) {
		if (l->ports[i].host == p.host && l->ports[i].udp == p.udp &&
		    l->ports[i].host_addr == p.addr)
			return failure_set(why, -EINVAL, "port %u is published twice", p.host);
	}
	l->ports[r->cfg.port_count++] = (struct monitor_port){ p.addr, p.host, p.guest, p.udp };
	return 0;
}

static int take_volume(struct run *r, struct lists *l, struct failure *why)
{
	struct volume_spec *at = &l->volumes[r->cfg.volume_count];
	struct option_volume o = { NULL, NULL, false };
	int err = option_volume(optarg, &o, why);

	*at = (struct volume_spec){ o.host, o.guest, o.readonly };
	r->cfg.volume_count++;
	return err;
}

static int by_guest(const void *a, const void *b)
{
	return strcmp(((const struct volume_spec *)a)->guest,
		      ((const struct volume_spec *)b)->guest);
}

// Outer ones come first, so that inner ones are laid over them.
static int sort_volumes(struct run *r, struct lists *l, struct failure *why)
{
	qsort(l->volumes, r->cfg.volume_count, sizeof(*l->volumes), by_guest);
	for (unsigned i = 1; i < r->cfg.volume_count; i++) {
		if (!by_guest(&l->volumes[i - 1], &l->volumes[i]))
			return failure_set(why, -EINVAL, "there are two volumes for %s",
					   l->volumes[i].guest);
	}
	r->cfg.volumes = l->volumes;
	return 0;
}

static int take(struct run *r, struct lists *l, int opt, struct failure *why)
{
	switch (opt) {
	case OPT_ON: return take_platform(r, why);
	case 'm': return option_size(optarg, &r->cfg.memory, why);
	case OPT_NET: return take_net(r, why);
	case 'p': return take_port(r, l, why);
	case OPT_NAME: r->cfg.name = optarg; return 0;
	case 'd': r->detach = true; return 0;
	case OPT_RM: r->remove = true; return 0;
	case 'e': return take_env(l, why);
	case 'v': return take_volume(r, l, why);
	case OPT_TRACE: r->cfg.trace = true; return 0;
	case OPT_JSON: r->json = true; return 0;
	case OPT_DRY_RUN: r->dry_run = true; return 0;
	case OPT_PROGRAM: r->program = optarg; return 0;
	case OPT_TAG: r->tag = optarg; return 0;
	case OPT_MAX_SIZE: r->max_size = optarg; return 0;
	default: return -EINVAL;
	}
}

// What follows the options: IMAGE [-- ARGUMENTS].
static int take_image(struct run *r, int argc, char **argv)
{
	if (optind == argc || !strcmp(argv[optind], "--") ||
	    (optind > 1 && !strcmp(argv[optind - 1], "--")))
		return cli_usage("run", "no image is given");
	r->cfg.image = argv[optind++];
	if (optind == argc)
		return 0;
	if (strcmp(argv[optind], "--"))
		return cli_usage("run",
				 "%s: options come before the image, arguments for the program "
				 "after it behind --",
				 argv[optind]);
	r->cfg.args = (load_strings)&argv[optind + 1];
	return 0;
}

static int run(struct run *r, struct lists *l, int argc, char **argv)
{
	struct failure why;
	int opt, err;

	while ((opt = getopt_long(argc, argv, "+m:p:dv:e:h", options, NULL)) != -1) {
		if (opt == 'h') {
			fputs(help, stdout);
			return cli_done(0);
		}
		if (opt == '?')
			return cli_usage("run", "wrong options");
		if (take(r, l, opt, &why))
			return cli_fail(&why);
	}
	err = take_image(r, argc, argv);
	if (err)
		return err;
	if (r->dry_run && r->cfg.platform != MONITOR_QEMU)
		return cli_usage("run", "--dry-run is for --on qemu: elsewhere no other command is run");
	r->cfg.env = l->env_count ? l->env : NULL;
	r->cfg.ports = l->ports;
	if (sort_volumes(r, l, &why))
		return cli_fail(&why);
	return run_instance(r);
}

int cmd_run(int argc, char **argv)
{
	struct run r = { .cfg = { .dir_fd = -1, .all_fd = -1 },
			 .in = { .all_fd = -1, .dir_fd = -1, .lock_fd = -1, .exit_fd = -1 },
			 .ready_fd = -1 };
	struct lists l = { .env = calloc((size_t)argc + 1, sizeof(*l.env)),
			   .ports = calloc((size_t)argc, sizeof(*l.ports)),
			   .volumes = calloc((size_t)argc, sizeof(*l.volumes)) };
	int status = STATUS_FAILED;

	if (l.env && l.ports && l.volumes)
		status = run(&r, &l, argc, argv);
	free(l.env);
	free(l.ports);
	for (unsigned i = 0; l.volumes && i < r.cfg.volume_count; i++) {
		free((char *)l.volumes[i].host);
		free((char *)l.volumes[i].guest);
	}
	free(l.volumes);
	return status;
}
