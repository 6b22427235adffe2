// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Stands for drivers/io.h in unit tests, which are compiled with -include of this file: registers
// are those of the device in tests/unit/virtio/device.c.
#ifndef DRIVERS_IO_H
#define DRIVERS_IO_H

#include <stdint.h>

uint8_t io_in8(uint16_t port);
uint16_t io_in16(uint16_t port);
uint32_t io_in32(uint16_t port);
void io_out8(uint16_t port, uint8_t v);
void io_out16(uint16_t port, uint16_t v);
void io_out32(uint16_t port, uint32_t v);
uint8_t mmio_read8(uintptr_t at);
uint16_t mmio_read16(uintptr_t at);
uint32_t mmio_read32(uintptr_t at);
void mmio_write8(uintptr_t at, uint8_t v);
void mmio_write16(uintptr_t at, uint16_t v);
void mmio_write32(uintptr_t at, uint32_t v);
void io_mb(void);
void io_pause(void);
uint64_t io_tsc(void);

#endif
