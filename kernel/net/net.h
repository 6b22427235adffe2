// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the rest of the library OS sees of the network. It is not in every image: test the address of a function before calling it.
#ifndef NET_NET_H
#define NET_NET_H

#include <stddef.h>
#include <pith/boot.h>

// Makes the network; called once at boot.
void net_init(const struct boot_block *boot) __attribute__((weak));

// The text of /etc/resolv.conf as the host or DHCP told it. Gives its length; always terminates.
int net_resolv_conf(char *buf, size_t n) __attribute__((weak));

#endif
