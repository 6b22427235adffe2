# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The Pith developers
UNIT_test_qemu_door_SRCS = monitor/qemu/door.c
UNIT_test_qemu_words_SRCS = monitor/qemu/words.c monitor/qemu/append.c
