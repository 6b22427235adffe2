// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Output on a 16550 UART (National Semiconductor PC16550D) by polling, for those who say little and
// have nothing else: the nucleus's last words and the start-up code of pc.
#ifndef DRIVERS_UART_SAY_H
#define DRIVERS_UART_SAY_H

#include <drivers/io.h>

#define UART_LINE_STATUS 5
#define UART_LINE_EMPTY 0x20 // the transmitter takes a byte
#define UART_PATIENCE 100000 // looks at a transmitter before it is given up

static inline void uart_put(uint16_t uart, char c)
{
	for (int i = 0; i < UART_PATIENCE; i++)
		if (io_in8((uint16_t)(uart + UART_LINE_STATUS)) & UART_LINE_EMPTY)
			break;
	io_out8(uart, (uint8_t)c);
}

#endif
