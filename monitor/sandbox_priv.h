// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Between sandbox.c and sandbox_calls.c.
#ifndef MONITOR_SANDBOX_PRIV_H
#define MONITOR_SANDBOX_PRIV_H

#include <monitor/sandbox.h>

int sandbox_restrict_calls(const struct sandbox *s); // 0 or a negative errno

#endif
