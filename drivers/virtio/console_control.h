// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Inside the console's driver: what host and guest say about ports (virtio 1.1, 5.3.6.2).
#ifndef DRIVERS_VIRTIO_CONSOLE_CONTROL_H
#define DRIVERS_VIRTIO_CONSOLE_CONTROL_H

#include <drivers/virtio/console.h>

int console_control_open(struct virtio_console *c);
void console_control_start(struct virtio_console *c);

#endif
