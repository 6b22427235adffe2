// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The console as a file.
#ifndef FS_CONSOLE_H
#define FS_CONSOLE_H

#include <fs/file.h>

// stream 0, 1 or 2: standard input, output, error. NULL: no memory.
struct file *console_open(int stream, unsigned flags);
extern const struct file_ops console_file_ops; // data: the stream

#endif
