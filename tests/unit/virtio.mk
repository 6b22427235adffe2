# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
#
# Units of drivers/virtio. tests/unit/virtio/device.c is the device, tests/unit/virtio/io.h leads registers to it.
VIRTIO_FLAGS = -Ikernel -include tests/unit/virtio/io.h
VIRTIO_CORE = drivers/dma.c $(addprefix drivers/virtio/,registers.c virtio.c queue.c) tests/unit/virtio/device.c
VIRTIO_UNITS = test_virtio test_virtio_net test_virtio_blk test_virtio_console

$(foreach u,$(VIRTIO_UNITS),$(eval UNIT_$(u)_SRCS = $(VIRTIO_CORE)))
$(foreach u,$(VIRTIO_UNITS),$(eval UNIT_$(u)_FLAGS = $(VIRTIO_FLAGS)))
UNIT_test_virtio_net_SRCS += drivers/virtio/net.c
UNIT_test_virtio_blk_SRCS += drivers/virtio/blk.c drivers/virtio/rng.c
UNIT_test_virtio_console_SRCS += drivers/virtio/console.c drivers/virtio/console_control.c
