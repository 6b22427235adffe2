// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// getopt and getopt_long, with an option that is not there and one without its argument.
//
// ARGS: -a -b value --long=x --flag -z rest -b
// STDERR: ignore
// ERROR: yes
#include "t.h"
#include <getopt.h>

int main(int argc, char **argv)
{
	int flag = 0, c;
	struct option options[] = { { "long", 1, NULL, 'l' }, { "flag", 0, &flag, 1 }, { 0 } };
	opterr = 0;
	while ((c = getopt_long(argc, argv, "ab:", options, NULL)) != -1)
		say("%c %s", c ? c : '0', c == 'b' || c == 'l' ? optarg : "");
	SHOW(flag);
	say("%s", argv[optind]);
	return 0;
}
