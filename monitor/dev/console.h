// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The console: the guest's two rings on one side, this process's standard streams on the other. A
// guest that breaks the rings' rules loses its console; nothing else happens.
#ifndef MONITOR_DEV_CONSOLE_H
#define MONITOR_DEV_CONSOLE_H

#include <pith/console.h>
#include <monitor/load.h>

extern const struct console_io console_streams; // standard input, output and error

// Ready for console_flush() and console_fill() of pith/console.h with console_streams.
void console_open(struct console *c, const struct loaded *l);

#endif
