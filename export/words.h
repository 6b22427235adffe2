// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The command line of an image: words between spaces; "..." keeps spaces, and \ takes what a \, "
// or ' means. GRUB writes it in the same way.
#ifndef EXPORT_WORDS_H
#define EXPORT_WORDS_H

#include <host/failure.h>

// The words of `text` as arguments of a command of GRUB's script language, each behind a space; to
// be freed. NULL: *why says what is wrong.
char *words_for_grub(const char *text, struct failure *why);

#endif
