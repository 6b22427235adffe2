// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <cli/commands.h>
#include <export/export.h>
#include <host/options.h>
#include <image/interrupt.h>

static const char help[] =
	"Usage: pith export [options] IMAGE\n"
	"\n"
	"Makes a disk, or a CD, that boots the image on a machine with a BIOS or UEFI.\n"
	"\n"
	"      --format FORMAT   raw, qcow2, vmdk, vdi, vhdx or iso (what the output's name ends\n"
	"                        in; else raw)\n"
	"  -o, --output FILE     the disk (IMAGE.FORMAT in this folder)\n"
	"      --size SIZE       of the disk (as small as may be)\n"
	"      --append WORDS    the image's command line: hostname=NAME, ip=ADDRESS/LENGTH,\n"
	"                        -- ARGUMENTS and so on, with \"...\" around spaces\n"
	"  -q, --quiet           print nothing if all goes well\n"
	"  -h, --help            this text\n"
	"\n"
	"Example: pith export -o web.qcow2 --append 'ip=192.0.2.7/24,192.0.2.1' web.pith\n";

enum { OPT_FORMAT = 256, OPT_SIZE, OPT_APPEND };

static const struct option options[] = {
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "output", required_argument, NULL, 'o' },
	{ "size", required_argument, NULL, OPT_SIZE },
	{ "append", required_argument, NULL, OPT_APPEND },
	{ "quiet", no_argument, NULL, 'q' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

// FORMATS: it is none.
static enum format find_format(const char *name)
{
	enum format f = 0;

	while (f < FORMATS && strcasecmp(name, format_name[f]))
		f++;
	return f;
}

static enum format format_of_output(const char *output)
{
	const char *dot = output ? strrchr(output, '.') : NULL;
	enum format f = dot ? find_format(dot + 1) : FORMATS;

	return f == FORMATS ? FORMAT_RAW : f;
}

// hello.pith becomes hello.raw, in this folder.
static void name_output(const struct export *e, char out[PATH_MAX])
{
	const char *slash = strrchr(e->image, '/'), *name = slash ? slash + 1 : e->image;
	size_t n = strlen(name);

	if (n > 5 && !strcmp(name + n - 5, ".pith"))
		n -= 5;
	snprintf(out, PATH_MAX, "%.*s.%s", (int)n, name, format_name[e->format]);
}

// 0; 1 for --help; or a negative errno.
static int take_option(struct export *e, int opt, bool *quiet, struct failure *why)
{
	switch (opt) {
	case 'o': e->output = optarg; return 0;
	case 'q': *quiet = true; return 0;
	case 'h': return 1;
	case OPT_APPEND: e->command_line = optarg; return 0;
	case OPT_SIZE: return option_size(optarg, &e->size, why);
	case OPT_FORMAT:
		e->format = find_format(optarg);
		return e->format < FORMATS
			       ? 0
			       : failure_set(why, -EINVAL,
					     "\"%s\" is no format: say raw, qcow2, vmdk, vdi, vhdx "
					     "or iso", optarg);
	default: return failure_set(why, -EINVAL, "wrong options");
	}
}

static int take_arguments(struct export *e, int argc, char **argv, bool *quiet, struct failure *why)
{
	int opt, err;

	while ((opt = getopt_long(argc, argv, "o:qh", options, NULL)) != -1) {
		err = take_option(e, opt, quiet, why);
		if (err)
			return err;
	}
	if (optind + 1 != argc)
		return failure_set(why, -EINVAL, "one image, please");
	e->image = argv[optind];
	if (e->output && !*e->output)
		return failure_set(why, -EINVAL, "the output has no name");
	if (e->format == FORMATS)
		e->format = format_of_output(e->output);
	if (e->format == FORMAT_ISO && e->size)
		return failure_set(why, -EINVAL,
				   "--size is for disks: a CD is as large as what is on it");
	return 0;
}

// No file of an export becomes standard input, output or error because the caller has closed one of
// these: the tools get others in their place. Writing to them stays an error.
static void fill_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int cmd_export(int argc, char **argv)
{
	struct export e = { .command_line = "", .format = FORMATS };
	char name[PATH_MAX];
	struct failure why;
	uint64_t bytes = 0;
	bool quiet = false;
	sigset_t signals;
	int err = take_arguments(&e, argc, argv, &quiet, &why);

	if (err == 1) {
		fputs(help, stdout);
		return cli_done(0);
	}
	if (err)
		return cli_usage("export", "%s", why.text);
	if (!e.output) {
		name_output(&e, name);
		e.output = name;
	}
	fill_streams();
	build_signals(&signals);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	err = export_image(&e, &bytes, &why);
	sigprocmask(SIG_UNBLOCK, &signals, NULL); // what has come ends it here, as it would have
	if (err)
		return cli_fail(&why);
	if (!quiet)
		printf("%s: %s, %llu bytes\n", e.output, format_name[e.format],
		       (unsigned long long)bytes);
	return cli_done(0);
}
