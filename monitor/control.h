// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The control socket of a running instance: whoever connects gets one JSON object with its
// statistics, and the end of the stream.
#ifndef MONITOR_CONTROL_H
#define MONITOR_CONTROL_H

#include <monitor/monitor.h>

// Makes control.sock in the instance's folder; does nothing if there is no folder. Gives 0 or a
// negative errno.
int control_open(struct monitor *m, struct failure *why);
void control_close(struct monitor *m);

// To poll for POLLIN, or -1; then control_serve() answers whoever connected. Never blocks, never
// fails.
int control_fd(const struct monitor *m);
void control_serve(struct monitor *m);

#endif
