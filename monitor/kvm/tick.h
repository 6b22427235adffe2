// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Ticks: while the guest runs, a timer's signal takes the vcpu out of KVM_RUN a hundred times a
// second. While it sleeps the timer is let run until it fires once, so that guests which sleep
// often and shortly pay no system calls for it.
#ifndef MONITOR_KVM_TICK_H
#define MONITOR_KVM_TICK_H

#include <linux/kvm.h>
#include <stdbool.h>

// The signal's handler sets run->immediate_exit, so that no tick is lost between a look and
// KVM_RUN. One instance per process.
int tick_open(struct kvm_run *run);
void tick_close(void);

// The guest is about to run: the timer must be on.
void tick_arm(void);

// A sleep was interrupted: the timer is not needed until tick_arm().
void tick_disarm(void);

// Did the timer fire since the last call?
bool tick_taken(void);

#endif
