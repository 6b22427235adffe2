// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The Ethernet interface on the rings (net/eth.c).
#ifndef NET_ETH_H
#define NET_ETH_H

#include <lwip/netif.h>

err_t eth_init(struct netif *n);     // for netif_add; n->state is the struct boot_net
bool eth_receive(struct netif *n);   // takes every record; true if there was one
void eth_flush(void);                // what is being gathered goes into the ring
bool eth_unsent(void);               // is something queued that the host has not taken?

#endif
