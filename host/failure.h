// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Why something did not work, for a person: what was wrong, where, and what to do. Libraries fill
// one in and return a negative errno; only the command line prints it.
#ifndef HOST_FAILURE_H
#define HOST_FAILURE_H

struct failure {
	char text[1024];
};

// Writes the text and returns err (negative), so that it can stand in a return. A later call
// replaces the text.
int failure_set(struct failure *f, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

// The same, with ": " and the words for the errno behind it.
int failure_errno(struct failure *f, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
