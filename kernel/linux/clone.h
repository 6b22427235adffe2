// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The beginning of a thread, of the caller's process or of a new one.
#ifndef LINUX_CLONE_H
#define LINUX_CLONE_H

#include <linux/child.h>

// t begins where the caller is, with 0 as its result; rsp 0: on the caller's stack; tls NULL: with
// the caller's FS base.
void thread_inherit(struct thread *t, uint64_t rsp, const uint64_t *tls);

// clone(2) after its arguments have been taken apart. Gives an id or a negative errno.
long clone_any(const struct clone_request *c);

#endif
