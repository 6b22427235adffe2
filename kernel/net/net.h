// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the boot sees of the network. It is not in every image, so whoever calls makes the
// references weak and tests them.
#ifndef NET_NET_H
#define NET_NET_H

#include <pith/boot.h>

// Makes the network; called once at boot.
void net_init(const struct boot_block *boot);

// Everything is there, files too: waits for the address if it comes by DHCP, writes
// /etc/resolv.conf and the name in /etc/hosts. Called once, before the program.
void net_up(void);

#endif
