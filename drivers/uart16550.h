// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A 16550 UART at 115200 baud, 8N1, without interrupts. Read and written like the descriptors of
// include/pith/console.h.
#ifndef DRIVERS_UART16550_H
#define DRIVERS_UART16550_H

#include <stdbool.h>
#include <stdint.h>

// Is there one at these eight ports? Then it is ready.
bool uart_open(uint16_t port);
// Bytes, at least one; -EAGAIN: none now, no room now.
long uart_read(uint16_t port, void *buf, unsigned long n);
long uart_write(uint16_t port, const void *buf, unsigned long n);
bool uart_readable(uint16_t port);
bool uart_writable(uint16_t port);
// Has everything left the machine?
bool uart_sent(uint16_t port);

#endif
