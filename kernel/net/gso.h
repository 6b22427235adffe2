// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Large frames: consecutive full segments of a TCP connection leave as one frame, which the host
// cuts up (net/gso.c).
#ifndef NET_GSO_H
#define NET_GSO_H

#include <lwip/pbuf.h>
#include <pith/net_header.h>
#include <pith/ring.h>

// Takes the frame into the one that is being gathered, or begins a new one with it. False: it is
// none that can be merged, or there is no room; what was gathered has been closed.
bool gso_take(struct ring_end *tx, const struct pbuf *p);

// What was gathered is complete and goes to the host.
void gso_close(struct ring_end *tx);

// The header for a frame whose TCP checksum is left to the host.
void eth_leave_checksum(struct net_header *h, uint8_t *frame, unsigned len);

#endif
