// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// pith-build: the program behind `pith build`. It is one of its own so that `pith run` starts
// without the libraries that only a build needs.
#include <errno.h>
#include <getopt.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <host/archive.h>
#include <image/build.h>
#include <image/interrupt.h>

static const char help[] =
	"Usage: pith build [options] PROGRAM [-- ARGUMENTS]\n"
	"       pith build [options] [FOLDER | pith.yaml]\n"
	"       pith build [options] ARCHIVE [-- ARGUMENTS]\n"
	"       pith build [options] --program PATH FOLDER [-- ARGUMENTS]\n"
	"\n"
	"Makes a Linux program a unikernel image: one bootable file.\n"
	"\n"
	"  -o, --output FILE     the image (PROGRAM.pith in this folder)\n"
	"      --name NAME       its name in lists\n"
	"  -e, --env NAME=VALUE  a variable of its environment\n"
	"  -f, --file HOST:GUEST a file or folder for the root file system\n"
	"  -m, --memory SIZE     memory that it gets when it runs (256M; dynamic ones 1G)\n"
	"      --net NETWORK     none, user (the default for programs with sockets), tap:NAME\n"
	"                        or the name of a network of instances\n"
	"  -p, --port PORT       port to publish when it runs: [HOST:]GUEST[/udp]\n"
	"      --dir HOST:GUEST  a folder with everything in it; GUEST may be /\n"
	"      --package NAME    an installed Debian package besides the program's own\n"
	"      --no-package      bring nothing of the Debian package that the program is from\n"
	"      --program PATH    the program in the root file system that is given: a folder or\n"
	"                        archive; container images name one themselves\n"
	"      --tag NAME        which of several container images in an archive\n"
	"      --max-size SIZE   what an archive may unpack to (half of the free disk)\n"
	"      --lib LIBRARY     a library that it opens by itself (dlopen): a name or a path\n"
	"      --call NAME       link a system call besides those that were found in the program\n"
	"      --wx              memory may be writable and executable at once (faster "
	"just-in-time compilers)\n"
	"      --for PLATFORM    leave out the others: kvm, process, pc, several like kvm,pc, or all\n"
	"                        (the default)\n"
	"      --strip           leave out the names of the library OS's functions\n"
	"      --in-place        do not pack the image: a larger file, whose pages all its "
	"instances share\n"
	"  -q, --quiet           print nothing if all goes well\n"
	"      --json            print what is in the image as JSON\n"
	"  -h, --help            this text\n"
	"\n"
	"Example: pith build -f site:/www -p 8080:80 web -- -p 80\n";

enum { OPT_NAME = 256, OPT_NET, OPT_CALL, OPT_WX, OPT_FOR, OPT_STRIP, OPT_JSON, OPT_IN_PLACE,
       OPT_LIB, OPT_DIR, OPT_PACKAGE, OPT_NO_PACKAGE, OPT_PROGRAM, OPT_TAG, OPT_MAX_SIZE };

static const struct option options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "name", required_argument, NULL, OPT_NAME },
	{ "env", required_argument, NULL, 'e' },
	{ "file", required_argument, NULL, 'f' },
	{ "memory", required_argument, NULL, 'm' },
	{ "net", required_argument, NULL, OPT_NET },
	{ "port", required_argument, NULL, 'p' },
	{ "lib", required_argument, NULL, OPT_LIB },
	{ "program", required_argument, NULL, OPT_PROGRAM },
	{ "tag", required_argument, NULL, OPT_TAG },
	{ "max-size", required_argument, NULL, OPT_MAX_SIZE },
	{ "dir", required_argument, NULL, OPT_DIR },
	{ "package", required_argument, NULL, OPT_PACKAGE },
	{ "no-package", no_argument, NULL, OPT_NO_PACKAGE },
	{ "call", required_argument, NULL, OPT_CALL },
	{ "wx", no_argument, NULL, OPT_WX },
	{ "for", required_argument, NULL, OPT_FOR },
	{ "strip", no_argument, NULL, OPT_STRIP },
	{ "quiet", no_argument, NULL, 'q' },
	{ "in-place", no_argument, NULL, OPT_IN_PLACE },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static int copy(char **to, const char *s, struct failure *why)
{
	free(*to);
	*to = strdup(s);
	return *to ? 0 : failure_errno(why, -ENOMEM, "%s", s);
}

static int add(struct strings *l, const char *s, struct failure *why)
{
	return strings_add(l, s) ? failure_errno(why, -ENOMEM, "%s", s) : 0;
}

static int take_option(struct spec *s, int opt, struct failure *why)
{
	switch (opt) {
	case 'o': return copy(&s->output, optarg, why);
	case OPT_NAME: return spec_name(s, optarg, why);
	case 'e': return spec_env(s, optarg, why);
	case 'f': return spec_file(s, optarg, why);
	case 'm': return spec_memory(s, optarg, why);
	case OPT_NET: return spec_network(s, optarg, why);
	case 'p': return spec_port(s, optarg, why);
	case OPT_CALL: return add(&s->calls, optarg, why);
	case OPT_PROGRAM: return copy(&s->program, optarg, why);
	case OPT_TAG: return copy(&s->tag, optarg, why);
	case OPT_MAX_SIZE: return spec_size(optarg, &s->max_size, why);
	case OPT_LIB: return add(&s->libs, optarg, why);
	case OPT_PACKAGE: return add(&s->packages, optarg, why);
	case OPT_NO_PACKAGE: s->no_package = true; return 0;
	case OPT_DIR: return spec_dir(s, optarg, why);
	case OPT_WX: s->wx = true; return 0;
	case OPT_FOR: return spec_platform(s, optarg, why);
	case OPT_STRIP: s->strip = true; return 0;
	case 'q': s->quiet = true; return 0;
	case OPT_IN_PLACE: s->in_place = true; return 0;
	case OPT_JSON: s->json = true; return 0;
	default: return -EINVAL;
	}
}

// The yaml file comes first and the options after it, so that options win; it is found in a first
// pass.
static int take_subject(struct spec *s, const char *subject, bool program, struct failure *why)
{
	char path[PATH_MAX];
	struct stat st;
	size_t n;

	if (!subject) {
		if (access("pith.yaml", F_OK))
			return failure_set(why, -EINVAL,
					   "no program is given and there is no pith.yaml here: "
					   "pith build PROGRAM");
		return spec_yaml(s, "pith.yaml", why);
	}
	if (archive_is(subject) || program)
		return copy(&s->source, subject, why);
	n = strlen(subject);
	if (n > 5 && (!strcmp(subject + n - 5, ".yaml") || !strcmp(subject + n - 4, ".yml")))
		return spec_yaml(s, subject, why);
	snprintf(path, sizeof(path), "%s/pith.yaml", subject);
	if (!stat(subject, &st) && S_ISDIR(st.st_mode)) {
		if (access(path, F_OK))
			return failure_set(why, -EINVAL,
					   "%s is a folder without a pith.yaml: give a program, or, if "
					   "it is a root file system, its program with --program",
					   subject);
		return spec_yaml(s, path, why);
	}
	return copy(&s->program, subject, why);
}

// Gives 0, 1 for --help, or a negative errno. getopt moves the subject behind the options, which
// are then read a second time.
static int take_arguments(struct spec *s, int argc, char **argv, struct failure *why)
{
	static const char letters[] = "o:e:f:m:p:qh";
	int opt, err, last = argc;
	bool program = false;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--")) {
			last = i;
			break;
		}
	}
	while ((opt = getopt_long(last, argv, letters, options, NULL)) != -1) {
		if (opt == 'h')
			return 1;
		if (opt == '?')
			return failure_set(why, -EINVAL, "see pith build --help");
		program |= opt == OPT_PROGRAM;
	}
	if (last - optind > 1)
		return failure_set(
			why, -EINVAL,
			"%s: only one program can be built; its arguments come behind --",
			argv[optind + 1]);
	err = take_subject(s, optind < last ? argv[optind] : NULL, program, why);
	s->args_given = last < argc;
	optind = 1;
	while (!err && (opt = getopt_long(last, argv, letters, options, NULL)) != -1)
		err = take_option(s, opt, why);
	if (!err && !s->source && (program || s->tag))
		err = failure_set(why, -EINVAL,
				  "--program and --tag are for root file systems and archives");
	if (!err && s->source && (s->libs.count || s->packages.count))
		err = failure_set(why, -EINVAL,
				  "--lib and --package are for programs: a root file system has what "
				  "it has; --file and --dir add to it");
	for (int i = last + 1; i < argc && !err; i++)
		err = strings_add(&s->args, argv[i]) ? failure_errno(why, -ENOMEM, "%s", argv[i])
						     : 0;
	return err;
}

int main(int argc, char **argv)
{
	struct failure why = { "" };
	char self[PATH_MAX];
	struct spec spec;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	sigset_t signals;
	int err;

	argv[0] = "pith build";
	build_signals(&signals);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	spec_init(&spec);
	err = take_arguments(&spec, argc, argv, &why);
	if (err == 1) {
		fputs(help, stdout);
		return 0;
	}
	self[n > 0 ? n : 0] = 0;
	if (!err)
		err = build_image(&spec, n > 0 ? dirname(self) : ".", &why);
	spec_free(&spec);
	if (!err && fflush(stdout)) {
		failure_errno(&why, -errno, "standard output");
		err = -EIO;
	}
	if (build_interrupted())
		sigprocmask(SIG_UNBLOCK, &signals, NULL); // which ends it as the signal would have
	if (err)
		fprintf(stderr, "pith build: %s\n", why.text);
	return err ? 125 : 0;
}
