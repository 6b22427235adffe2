// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See uart16550.h. Registers as in National's data sheet of the PC16550D, table II.
#include <asm-generic/errno.h>

#include <drivers/io.h>
#include <drivers/uart16550.h>

#define DATA 0 // the divisor's low byte with LCR_DLAB
#define IER 1  // its high byte
#define FCR 2
#define LCR 3
#define MCR 4
#define LSR 5
#define SCR 7

#define FCR_ENABLE_CLEAR 0xc7 // with 14 bytes for a full one: QEMU gives no more at once
#define LCR_8N1 0x03
#define LCR_DLAB 0x80
#define MCR_DTR_RTS 0x03
#define LSR_DATA 0x01
#define LSR_EMPTY 0x20 // the transmitter's FIFO takes FIFO bytes
#define LSR_SENT 0x40  // and has nothing left
#define FIFO 16
#define DIVISOR_115200 1

bool uart_open(uint16_t port)
{
	io_out8(port + SCR, 0x5a); // where nothing is, all bits read as ones
	if (io_in8(port + SCR) != 0x5a)
		return false;
	io_out8(port + IER, 0);
	io_out8(port + LCR, LCR_DLAB);
	io_out8(port + DATA, DIVISOR_115200);
	io_out8(port + IER, 0);
	io_out8(port + LCR, LCR_8N1);
	io_out8(port + FCR, FCR_ENABLE_CLEAR);
	io_out8(port + MCR, MCR_DTR_RTS);
	return true;
}

bool uart_readable(uint16_t port)
{
	return io_in8(port + LSR) & LSR_DATA;
}

bool uart_writable(uint16_t port)
{
	return io_in8(port + LSR) & LSR_EMPTY;
}

bool uart_sent(uint16_t port)
{
	return io_in8(port + LSR) & LSR_SENT;
}

long uart_read(uint16_t port, void *buf, unsigned long n)
{
	unsigned long done = 0;

	while (done < n && uart_readable(port))
		((uint8_t *)buf)[done++] = io_in8(port + DATA);
	return done ? (long)done : -EAGAIN;
}

long uart_write(uint16_t port, const void *buf, unsigned long n)
{
	unsigned long done = 0;

	while (done < n && uart_writable(port))
		for (int i = 0; i < FIFO && done < n; i++)
			io_out8(port + DATA, ((const uint8_t *)buf)[done++]);
	return done ? (long)done : -EAGAIN;
}
