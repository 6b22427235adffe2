# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
FUZZ_fuzz_virtio_SRCS = tests/unit/virtio/device.c $(wildcard drivers/virtio/*.c) drivers/dma.c
FUZZ_fuzz_virtio_FLAGS = -Ikernel -Itests/unit -include tests/unit/virtio/io.h
FUZZ_fuzz_virtio_LIBS = -lcmocka
