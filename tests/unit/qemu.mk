# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
UNIT_test_qemu_door_SRCS = monitor/qemu/door.c
UNIT_test_qemu_words_SRCS = monitor/qemu/words.c monitor/qemu/append.c
UNIT_test_qemu_told_SRCS = monitor/qemu/append.c tests/unit/pc/machine.c platform/pc/start/say.c platform/pc/start/words.c
UNIT_test_qemu_told_FLAGS = -include tests/unit/virtio/io.h
